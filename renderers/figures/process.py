"""A child process that decodes figures, which may be hostile.

Run as `python -m renderers.figures.process` with a socket as its standard input. The first byte
that it sends is `READY`. A request is the size of a file and the wanted long side, then the file;
an answer is the size of a JSON object and of an image, then both. The child has limits on memory,
writes no file and holds no secret of its parent: only a few environment variables are inherited.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
import sys

from renderers.rejected import Rejected

READY = b"r"
REQUEST, ANSWER = struct.Struct(">II"), struct.Struct(">II")
MEMORY_BYTES = 3 << 30
"""Address space, libraries included."""


def receive(stream: socket.socket, size: int) -> bytes:
    """Exactly `size` bytes; fewer if the other side ends."""
    parts = bytearray()
    while len(parts) < size:
        part = stream.recv(min(size - len(parts), 1 << 20))
        if not part:
            break
        parts += part
    return bytes(parts)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # macOS has no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _serve(stream: socket.socket) -> None:
    from renderers.figures.decode import decode  # before the limits: it loads libraries
    from renderers.pdf.document import silence

    silence()
    _limit()
    stream.sendall(READY)
    while len(head := receive(stream, REQUEST.size)) == REQUEST.size:
        size, long_side = REQUEST.unpack(head)
        data, answer = b"", dict[str, object]()
        try:
            image = decode(receive(stream, size), long_side)
            data = image.data
            answer = {"format": image.format, "width": image.width, "height": image.height,
                      "colored": image.colored}  # fmt: skip
        except Rejected as error:
            answer = {"reason": error.reason, "detail": error.detail}
        text = json.dumps(answer).encode()
        stream.sendall(ANSWER.pack(len(text), len(data)) + text + data)


if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries may print
    _serve(socket.socket(fileno=0))
