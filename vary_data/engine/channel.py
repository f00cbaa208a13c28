"""Messages between the pool and its workers: a length of eight bytes, then a pickle.

The parent's end never blocks. A worker that is stopped in the middle of a message, or that does not
read, only makes no progress; its deadline ends it like any other.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections import deque
from dataclasses import dataclass, field
from typing import Any

LENGTH = struct.Struct("<Q")
READ_BYTES = 1 << 20


class Closed(Exception):
    """The other end is closed."""


@dataclass(slots=True, eq=False)
class ParentEnd:
    """The parent's end, for use with `selectors`."""

    socket: socket.socket
    _outgoing: deque[memoryview] = field(default_factory=deque)
    _incoming: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.socket.setblocking(False)

    def fileno(self) -> int:
        return self.socket.fileno()

    @property
    def sending(self) -> bool:
        """Whether a part of a message still waits to be sent."""
        return bool(self._outgoing)

    def send(self, message: Any) -> None:
        """Send as much of a message as fits; `flush` sends the rest.

        Raises:
            Closed: the worker is gone.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._outgoing += (memoryview(LENGTH.pack(len(data))), memoryview(data))
        self.flush()

    def flush(self) -> None:
        """Send what the socket takes.

        Raises:
            Closed: the worker is gone.
        """
        while self._outgoing:
            piece = self._outgoing[0]
            try:
                sent = self.socket.send(piece)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                raise Closed from error
            if sent == len(piece):
                self._outgoing.popleft()
            else:
                self._outgoing[0] = piece[sent:]

    def receive(self) -> list[Any]:
        """The messages that are complete now.

        Raises:
            Closed: the worker is gone.
        """
        try:
            data = self.socket.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError as error:
            raise Closed from error
        if not data:
            raise Closed
        self._incoming += data
        messages = []
        while len(self._incoming) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._incoming)[0]
            if len(self._incoming) < end:
                break
            messages.append(pickle.loads(self._incoming[LENGTH.size : end]))
            del self._incoming[:end]
        return messages

    def close(self) -> None:
        self.socket.close()


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """The worker's end, which blocks."""

    socket: socket.socket

    def send(self, message: Any) -> None:
        """Send a whole message; waits while the parent does not read.

        Raises:
            EOFError: the parent has closed its end.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        try:
            self.socket.sendall(LENGTH.pack(len(data)))
            self.socket.sendall(data)
        except OSError as error:
            raise EOFError from error

    def receive(self) -> Any:
        """The next message.

        Raises:
            EOFError: the parent has closed its end.
        """
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        return pickle.loads(self._exactly(length))

    def _exactly(self, count: int) -> bytearray:
        data = bytearray()
        while len(data) < count:
            try:
                piece = self.socket.recv(min(count - len(data), READ_BYTES))
            except OSError as error:  # the parent has died before it read our last message
                raise EOFError from error
            if not piece:
                raise EOFError
            data += piece
        return data
