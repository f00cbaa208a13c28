"""A child process that decodes figures, which may be hostile.

Run as `python -m renderers.figures.process` with a socket as its standard input. The first byte
that it sends is `READY`. A request is the size of a file, the wanted long side and a limit on
processor time in seconds, then the file; an answer is the size of a JSON object and of an image,
then both. The child dies of SIGPROF at the limit. It has limits on memory, writes no file and holds
no secret of its parent: only a few environment variables are inherited.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import struct
import sys
import time

from renderers.rejected import Rejected

READY = b"r"
REQUEST, ANSWER = struct.Struct(">IId"), struct.Struct(">II")
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
    from renderers.pdf.start import import_pymupdf

    import_pymupdf()
    from renderers.figures.decode import decode  # before the limits: it loads libraries
    from renderers.pdf.document import silence

    silence()
    _limit()
    stream.sendall(READY)
    while len(head := receive(stream, REQUEST.size)) == REQUEST.size:
        size, long_side, seconds = REQUEST.unpack(head)
        data, answer = b"", dict[str, object]()
        # The kernel ends it, also in the middle of a library's loop.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        began = time.process_time()
        try:
            image = decode(receive(stream, size), long_side)
            data = image.data
            answer = {"format": image.format, "width": image.width, "height": image.height,
                      "colored": image.colored}  # fmt: skip
        except Rejected as error:
            answer = {"reason": error.reason, "detail": error.detail}
        signal.setitimer(signal.ITIMER_PROF, 0)
        answer["seconds"] = time.process_time() - began
        text = json.dumps(answer).encode()
        stream.sendall(ANSWER.pack(len(text), len(data)) + text + data)


if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries may print
    _serve(socket.socket(fileno=0))
