"""How far an OCR engine agrees with the text of kept pages.

    python -m benchmarks.page_reading PDF_OR_FOLDER … [--lang en] [--pages 100] [--worst FOLDER]

Makes a dataset of the files with `vary-data pages`, reads its pictures line by line with the
engine of `validate --reader`, and prints the mean and the quantiles of the agreement, which is the
share of characters on which text and engine agree. With `--worst` the pictures of the 30 pages of
the lowest agreement are written there, each with the lines that differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from vary_data.api import open_dataset
from vary_data.quality.validate.picture import decode
from vary_data.quality.validate.second_reader import (
    LINE,
    WORST,
    Agreements,
    check_reading,
    cut,
    open_reader,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="+")
    parser.add_argument("--lang", default="en", choices=("en", "zh"))
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--per-document", type=int, default=2)
    parser.add_argument("--reader", default="rapidocr")
    parser.add_argument("--worst", type=Path)
    arguments = parser.parse_args()
    reader = open_reader(arguments.reader)
    with tempfile.TemporaryDirectory() as folder:
        rows = _pages(arguments, folder)
        shares = []
        for row in rows:
            pixels, _ = decode(row)
            assert pixels is not None
            found = Agreements()
            list(check_reading(row, pixels, reader, found))
            if found.rows:
                shares.append((found.total, row))
    shares.sort(key=lambda pair: pair[0])
    values = np.array([share for share, _ in shares])
    print(
        f"{len(values)} pages: mean agreement {values.mean():.4f}, median {np.median(values):.4f}"
    )
    for share in (0.05, 0.25):
        print(f"  {share:.0%} of the pages are below {np.quantile(values, share):.4f}")
    for share, row in shares[:WORST]:
        print(f"  {share:.4f}  {row['source']} page {json.loads(row['meta'])['page']}")
    if arguments.worst:
        arguments.worst.mkdir(parents=True, exist_ok=True)
        for number, (share, row) in enumerate(shares[:WORST]):
            _write(arguments.worst / f"{number:02}-{share:.3f}", row, reader)


def _pages(arguments: argparse.Namespace, folder: str) -> list[dict[str, Any]]:
    sources = [part for source in arguments.source for part in ("--src", source)]
    command = [sys.executable, "-m", "vary_data", "pages", *sources, "--lang",
               arguments.lang, "--max-pages-per-doc", str(arguments.per_document), "-o", folder,
               "--name", "pages", "-j", "1", "--splits", "train"]  # fmt: skip
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    rows = list(open_dataset(folder).config("pages").rows())
    step = max(1.0, len(rows) / arguments.pages)
    return [rows[int(i * step)] for i in range(min(len(rows), arguments.pages))]


def _write(stem: Path, row: dict[str, Any], reader: Any) -> None:
    """The picture of a page, and the lines on which text and engine differ."""
    stem.with_name(stem.name + ".png").write_bytes(row["image"]["bytes"])
    pixels, _ = decode(row)
    assert pixels is not None
    lines = [r for r in row["regions"] if r["role"] == LINE]
    answers = reader.read_lines([cut(pixels, r["bbox"]) for r in lines])
    pairs = [
        f"text: {r['text']}\nread: {a}\n"
        for r, a in zip(lines, answers, strict=True)
        if r["text"].split() != a.split()
    ]
    stem.with_name(stem.name + ".txt").write_text("\n".join(pairs))


if __name__ == "__main__":
    main()
