"""PDF files of plain text: `python -m tests.tools.plain_pdfs FOLDER`, with JSON on stdin.

The JSON maps a file's name to its pages, each a text. It runs in a separate process, since it
uses MuPDF.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_pdfs(folder: Path, files: Mapping[str, Sequence[str]]) -> None:
    """Write the files in another process."""
    folder.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "tests.tools.plain_pdfs", str(folder)]
    subprocess.run(line, input=json.dumps(files), text=True, check=True, timeout=60)


def main() -> None:
    import pymupdf

    for name, pages in json.load(sys.stdin).items():
        document = pymupdf.open()
        for text in pages:
            font = "helv" if text.isascii() else "china-s"
            page = document.new_page(width=420, height=595)
            page.insert_textbox((40, 40, 380, 560), text, fontsize=9, fontname=font)
        document.save(Path(sys.argv[1]) / name, no_new_id=True)


if __name__ == "__main__":
    main()
