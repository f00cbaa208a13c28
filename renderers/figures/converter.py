"""Convert the figures of sources to pictures in a child process with a limit on processor time."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from renderers.environment import clean_environment, module_command, module_path
from renderers.figures.decode import format_of
from renderers.figures.image import FigureImage
from renderers.figures.process import ANSWER, READY, REQUEST
from renderers.rejected import Rejected

_START_SECONDS = 60.0
"""For importing libraries, on a busy machine."""
_MAX_ANSWER = 64 << 20
"""Bytes of an image that a child may answer."""
_GHOSTSCRIPT = (
    *("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOCACHE", "-dEPSCrop", "-sDEVICE=pdfwrite"),
    *("-dMaxBitmap=200000000", "-sOutputFile=out.pdf", "in.eps"),
)

_WAITING = 6.0
"""A child may take so many times its seconds on the clock: it waits while the machine is busy."""
_OUTSIDE = frozenset((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT))
"""Signals that come from outside; a decoder that crashes dies of others."""

Run = Callable[[Sequence[str], Path, Mapping[str, str], float], Any]
"""Runs a program to its end under limits: `vary_data.generators.sandbox.run`."""


class ConverterBroken(Exception):
    """The child was killed or stopped from outside; no figure is to blame."""


@dataclass
class FigureConverter:
    """Decodes figures in a child that is started at the first one, and again after it died.

    `seconds` is the limit on processor time of one figure; `run` starts Ghostscript for EPS files.
    `computed` is the processor time of all figures so far.
    """

    long_side: int
    run: Run | None = None
    seconds: float = 10.0
    computed: float = 0.0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _stream: socket.socket | None = field(default=None, repr=False)

    def convert(self, data: bytes) -> FigureImage:
        """The picture of a PNG, JPEG, PDF or, with Ghostscript, EPS file.

        Raises:
            Rejected: as `decode`; `figure-timeout`; `figure-crash`, the child died;
                `no-ghostscript`; `figure-too-large`, Ghostscript filled the disk.
            ConverterBroken: the child was killed or stopped from outside.
        """
        if format_of(data) == "eps":
            data = self._from_eps(data)
        try:
            answer, image = self._ask(data)
        except ConverterBroken:
            self.close()
            raise
        except TimeoutError as error:
            self.close()
            raise ConverterBroken(
                f"the decoder of figures computed for less than {self.seconds:g} s "
                f"in {self.seconds * _WAITING:g} s"
            ) from error
        except (OSError, ValueError) as error:
            raise self._end_of_child(error) from error
        self.computed += float(answer.pop("seconds"))
        if "reason" in answer:
            raise Rejected(str(answer["reason"]), str(answer["detail"]))
        return FigureImage(image, **answer)

    def close(self) -> None:
        """Ends the child."""
        if self._stream is not None:
            self._stream.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._stream = None

    def _end_of_child(self, error: Exception) -> Exception:
        """What a child is to blame for that closed the connection or sent nonsense."""
        assert self._child is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)  # the connection ends shortly before the process
        code = self._child.poll()
        self.close()
        if code == -signal.SIGPROF:
            self.computed += self.seconds
            return Rejected("figure-timeout", f"not decoded in {self.seconds:g} s of computing")
        if code is not None and -code in _OUTSIDE:
            return ConverterBroken(f"the decoder of figures died of {signal.Signals(-code).name}")
        return Rejected("figure-crash", f"the decoder died: {error}")

    def _ask(self, data: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            stream = self._stream or self._start()  # its start is not part of the deadline
        except OSError as error:
            raise ConverterBroken(f"the decoder of figures does not start: {error}") from error
        end = time.monotonic() + self.seconds * _WAITING
        stream.settimeout(self.seconds * _WAITING)
        stream.sendall(REQUEST.pack(len(data), self.long_side, self.seconds))
        stream.sendall(data)
        text_size, image_size = ANSWER.unpack(_exactly(stream, ANSWER.size, end))
        if text_size + image_size > _MAX_ANSWER:
            raise ValueError("an answer of impossible size")
        answer = dict(json.loads(_exactly(stream, text_size, end)))
        return answer, _exactly(stream, image_size, end)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(
                module_command("renderers.figures.process"),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=clean_environment(PYTHONPATH=module_path()),
            )
        self._stream = ours
        if _exactly(ours, len(READY), time.monotonic() + _START_SECONDS) != READY:
            raise ConnectionError("it sent something else")
        return ours

    def _from_eps(self, data: bytes) -> bytes:
        program = shutil.which("gs")
        if program is None or self.run is None:
            raise Rejected("no-ghostscript", "EPS figures need Ghostscript")
        with tempfile.TemporaryDirectory(prefix="eps-") as name:
            folder = Path(name)
            (folder / "in.eps").write_bytes(data)
            environment = {"PATH": os.environ.get("PATH", ""), "HOME": name, "TMPDIR": name}
            end = self.run([program, *_GHOSTSCRIPT], folder, environment, self.seconds)
            if end.timed_out:
                raise Rejected("figure-timeout", "Ghostscript did not end in time")
            if end.too_large:
                raise Rejected("figure-too-large", "Ghostscript wrote too many bytes")
            if end.returncode != 0:  # what was drawn until then is not the figure
                raise Rejected("figure-broken", "Ghostscript stopped with an error")
            with contextlib.suppress(FileNotFoundError):
                return (folder / "out.pdf").read_bytes()
        raise Rejected("figure-broken", "Ghostscript made no PDF")


def _exactly(stream: socket.socket, size: int, end: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        stream.settimeout(left)
        part = stream.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise ConnectionError("it closed the connection")
        parts += part
    return bytes(parts)
