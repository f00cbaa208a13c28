"""Programs of poppler that fail, hang, are killed or have no space, as pdf2image starts them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from renderers.pdf import raster
from renderers.pdf.document import open_document
from renderers.pdf.page import DocumentPage, PageReader
from renderers.pdf.raster import Poppler
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import ENGLISH, written
from vary_data.base.errors import WorkerBroken
from vary_data.generators import sandbox

pytestmark = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler")

Replace = Callable[[str, str], None]


@pytest.fixture
def replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Replace:
    """Gives a program another body; it still says its version."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def write(name: str, body: str) -> None:
        program = folder / name
        program.write_text(f'#!/bin/sh\n[ "$1" = -v ] && exit\n{body}\n')
        program.chmod(0o755)

    return write


def drawn(folder: Path, seconds: float = 60) -> DocumentPage:
    reader = PageReader(rasterizer=Poppler(sandbox.wrap, seconds), languages=("en",))
    with open_document(written(folder / "a.pdf"), None) as document:
        return reader.read(document, 0, None)


@pytest.mark.parametrize("program", ["pdfinfo", "pdftoppm"])
@pytest.mark.parametrize("end", ["SIGKILL", "SIGTERM"])
def test_a_killed_program_is_not_the_fault_of_the_page(
    tmp_path: Path, replace: Replace, program: str, end: str
) -> None:
    replace(program, f"kill -{end[3:]} $$")
    with pytest.raises(WorkerBroken, match=f"{program} died of {end}"):
        drawn(tmp_path)


def test_a_script_that_is_killed_is_not_the_fault_of_the_page(
    tmp_path: Path, replace: Replace
) -> None:
    replace("pdftoppm", "kill -KILL $PPID")
    with pytest.raises(WorkerBroken, match="pdftoppm was killed or stopped"):
        drawn(tmp_path)


def test_a_stopped_pdftoppm_is_not_the_fault_of_the_page(
    tmp_path: Path, replace: Replace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "WAITING", 1)
    replace("pdftoppm", "kill -STOP $$")
    # On a busy machine pdfinfo may have no result in a second, either.
    with pytest.raises(WorkerBroken, match=r"pdf(toppm|info) was killed or stopped"):
        drawn(tmp_path, 0.3)


def test_a_pdftoppm_without_space_is_not_the_fault_of_the_page(
    tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    with pytest.raises(WorkerBroken, match="the disk of temporary files is full"):
        drawn(tmp_path)


@pytest.mark.parametrize("program", ["pdfinfo", "pdftoppm"])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("exit 3", r"damaged: .*\(status 3\)"),
        ("kill -SEGV $$", r"damaged: .*\(status -11\)"),
        ("while :; do :; done", "page-timeout"),
    ],
)
def test_what_the_page_does_to_a_program_is_its_fault(
    tmp_path: Path,
    replace: Replace,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    body: str,
    reason: str,
) -> None:
    monkeypatch.setattr(raster, "WAITING", 100)  # other processes of this machine may be busy
    replace(program, body)
    with pytest.raises(Rejected, match=reason):
        drawn(tmp_path, 0.5)


def test_a_picture_that_is_cut_off_is_the_fault_of_the_page(
    tmp_path: Path, replace: Replace
) -> None:
    replace("pdftoppm", "echo P6 905 1280 255 > page.ppm")
    with pytest.raises(Rejected, match=r"damaged: .*status 0"):
        drawn(tmp_path)


def test_no_library_of_the_current_folder_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libc.so.6").write_bytes(b"none")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert drawn(Path()).text == ENGLISH
    assert Path.cwd() == tmp_path


def test_no_secret_of_the_worker_reaches_poppler(
    tmp_path: Path, replace: Replace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setenv("VARY_WORKER_ENV", "SECRET")
    replace("pdftoppm", f"env > '{tmp_path}/seen'")
    with pytest.raises(Rejected, match="damaged"):
        drawn(tmp_path)
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert "SECRET=" not in seen
