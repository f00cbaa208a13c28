"""A PDF that asks pdftoppm for a gigantic raster: `python -m tests.faults.test_poppler_memory FILE`
prints the largest memory of its child processes."""

from __future__ import annotations

import resource
import shutil
import struct
import subprocess
import sys
from functools import partial
from pathlib import Path

import pymupdf
import pytest

from renderers.pdf.raster import PageSource, Poppler
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import ENGLISH
from vary_data.generators import sandbox

SIDE = 50_000
"""A picture of one bit for each pixel has 298 MiB when it is decoded; its file has 30 bytes."""
LIMIT_MIB = 250


def write_bomb(path: Path) -> None:
    """A page of text with a JBIG2 picture that is small in the page and gigantic in its stream."""
    page_information = struct.pack(">IIIIBH", SIDE, SIDE, 0, 0, 0, 0)
    data = struct.pack(">IBBBI", 0, 0x30, 0, 1, len(page_information)) + page_information
    with pymupdf.open() as document:
        page = document.new_page(width=300, height=500)
        page.insert_textbox((20, 20, 280, 400), ENGLISH, fontsize=9)
        pixmap = pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 8, 8))
        pixmap.clear_with(200)
        number = page.insert_image((20, 420, 60, 460), pixmap=pixmap)
        document.update_object(
            number,
            "<</Type/XObject/Subtype/Image/Width 40/Height 40/BitsPerComponent 1"
            "/ColorSpace/DeviceGray>>",
        )
        document.update_stream(number, data, compress=False)
        document.xref_set_key(number, "Filter", "/JBIG2Decode")
        document.save(path)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler")
@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_pdftoppm_has_a_limit_of_memory(tmp_path: Path) -> None:
    write_bomb(tmp_path / "bomb.pdf")
    command = [sys.executable, "-m", "tests.faults.test_poppler_memory", str(tmp_path / "bomb.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert 5 < int(done.stdout) < LIMIT_MIB, done.stderr


def main(path: str) -> None:
    wrap = partial(sandbox.wrap, limits=sandbox.ProcessLimits(memory_mib=LIMIT_MIB))
    # Only poppler draws here: a child's memory counts from that of the process that starts it.
    with pymupdf.open(path) as document:
        drawn = document[0].get_displaylist(annots=0)
        source = PageSource(Path(path), 0, True, 300.0, 500.0, drawn)
        try:
            Poppler(wrap).render(source, 1.0)
        except Rejected as error:
            print(error, file=sys.stderr)
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit)


if __name__ == "__main__":
    main(sys.argv[1])
