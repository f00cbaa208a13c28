"""EPS figures are programs: Ghostscript runs them shut in, and each fault is a reason."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from renderers.figures.converter import FigureConverter
from renderers.rejected import Rejected
from tests.renderers.figures.test_figures import pdf, pixels
from vary_data.generators import sandbox

HEAD = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 100\n1 0 0 setrgbcolor 0 0 100 100 rectfill\n"
)
NEEDS_GHOSTSCRIPT = pytest.mark.skipif(
    not shutil.which("gs"), reason="Ghostscript is not installed"
)


@pytest.fixture(scope="module")
def converter() -> Iterator[FigureConverter]:
    made = FigureConverter(200, sandbox.run, seconds=0.9)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only processor time counts."""
    monkeypatch.setattr(sandbox, "WAITING", 60)


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A `gs` that does what a shell script says."""
    (folder / "gs").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "gs").chmod(0o700)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_ghostscript_is_shut_in(
    converter: FigureConverter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    (tmp_path / "drawn.pdf").write_bytes(pdf())
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    program(
        tmp_path,
        monkeypatch,
        f"(echo $*; pwd; env; ulimit -v; ulimit -f; ulimit -n; ulimit -S -t) > {seen}\n"
        f"cp {tmp_path}/drawn.pdf out.pdf",
    )
    assert converter.convert(HEAD).width == 200
    arguments, folder, *variables, memory, size, files, seconds = seen.read_text().splitlines()
    assert "-dSAFER" in arguments.split()
    assert Path(folder).name.startswith("eps-")
    assert not Path(folder).exists()
    names = {line.partition("=")[0] for line in variables} - {"PWD", "OLDPWD", "SHLVL", "_"}
    assert names == {"PATH", "HOME", "TMPDIR"}
    assert (int(memory), int(size), int(files), int(seconds)) == (2 << 20, 128 * 2048, 256, 1)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("while :; do :; done", "figure-timeout"),
        ("exit 0", "figure-broken"),
        ("echo %PDF-1.4 > out.pdf", "figure-broken"),
        ("cp $0 out.pdf", "figure-format"),
        ("exec head -c 300000000 /dev/zero > out.pdf", "figure-too-large"),
    ],
)
def test_what_ghostscript_does_not_draw(
    converter: FigureConverter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    reason: str,
) -> None:
    program(tmp_path, monkeypatch, script)
    with pytest.raises(Rejected, match=reason):
        converter.convert(HEAD)


def test_a_figure_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files, each below the limit of one; the program would end in time and draw."""
    (tmp_path / "drawn.pdf").write_bytes(pdf())
    copies = "for n in $(seq 30); do head -c 1000000 /dev/urandom > gs_$n; done"
    program(tmp_path, monkeypatch, f"cp {tmp_path}/drawn.pdf out.pdf\n{copies}")
    limits = sandbox.ProcessLimits(disk_mib=20)
    made = FigureConverter(200, partial(sandbox.run, limits=limits), seconds=20)
    with contextlib.closing(made), pytest.raises(Rejected, match="figure-too-large"):
        made.convert(HEAD)


def test_a_figure_that_stops_with_an_error_is_not_half_a_picture(
    converter: FigureConverter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half.pdf").write_bytes(pdf())
    program(tmp_path, monkeypatch, f"cp {tmp_path}/half.pdf out.pdf\nexit 1")
    with pytest.raises(Rejected, match="stopped with an error"):
        converter.convert(HEAD)


@NEEDS_GHOSTSCRIPT
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("(FILE) (r) file pop", "figure-broken"),
        ("(FILE) run", "figure-broken"),
        ("(FILE.new) (w) file (x) writestring", "figure-broken"),
        ("(FILE) deletefile", "figure-broken"),
        ("(FILE) (FILE.new) renamefile", "figure-broken"),
        ("(%pipe%touch FILE.new) (w) file closefile", "figure-broken"),
        ("<< /OutputFile (FILE.new) >> setpagedevice 0 0 9 9 rectfill", "figure-broken"),
        ("<< /OutputFile (%pipe%touch FILE.new) >> setpagedevice", "figure-broken"),
        ("false .setsafe (FILE) (r) file pop", "figure-broken"),
        ("{} loop", "figure-timeout"),
        ("[ { 60000 array } loop", "figure-"),
    ],
)
def test_a_hostile_figure_reaches_no_file_and_ends(
    converter: FigureConverter, tmp_path: Path, code: str, reason: str
) -> None:
    file = tmp_path / "file"
    file.write_text("secret")
    with pytest.raises(Rejected, match=reason):
        converter.convert(HEAD + code.replace("FILE", str(file)).encode() + b"\nshowpage\n")
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "secret"


@NEEDS_GHOSTSCRIPT
def test_temporary_files_of_a_figure_do_not_fill_the_disk() -> None:
    code = b"/s 60000 string def { null (w) .tempfile 1000 { dup s writestring } repeat } loop"
    limits = sandbox.ProcessLimits(disk_mib=100)
    made = FigureConverter(200, partial(sandbox.run, limits=limits), seconds=20)
    with contextlib.closing(made), pytest.raises(Rejected, match="figure-too-large"):
        made.convert(HEAD + code + b"\nshowpage\n")


@NEEDS_GHOSTSCRIPT
def test_a_figure_cannot_tell_which_files_there_are(
    converter: FigureConverter, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("secret")
    seen = f"({tmp_path}/*) {{ pop 0 1 0 setrgbcolor 100 0 100 100 rectfill }} 99 string"
    made = converter.convert(HEAD + seen.encode() + b" filenameforall\nshowpage\n")
    assert pixels(made)[50, 150].tolist() == [255, 255, 255]


@NEEDS_GHOSTSCRIPT
def test_a_good_figure_is_drawn(converter: FigureConverter) -> None:
    made = converter.convert(HEAD + b"showpage\n")
    assert (made.width, made.height) == (200, 100)
    assert pixels(made)[50, [50, 150]].tolist() == [[255, 0, 0], [255, 255, 255]]
