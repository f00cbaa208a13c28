"""Sets documents with many processes: see `benchmarks.styled_pages`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pymupdf

from benchmarks.styled_pages.manual import set_manual
from benchmarks.styled_pages.slides.deck import set_slides
from benchmarks.styled_pages.source import Source, open_source
from benchmarks.styled_pages.story import set_story

KINDS = "natural=0.4,shuffled=0.25,scrambled=0.2,random=0.15"
EFFORT = 30
"""Of compression: two thirds of the default's time, files 2 % larger."""
SLIDES = 0.08
"""The share of placed documents that are slides."""
SOURCE: Source
"""Set before the processes are forked."""


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.styled_pages", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="of benchmarks.corpora")
    parser.add_argument("--fonts", type=Path, required=True, help="of benchmarks.font_sets")
    parser.add_argument("--out", type=Path, required=True, help="folder of the PDF files")
    parser.add_argument("--lang", choices=("en", "zh"), required=True)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--split", choices=("train", "validation"), default="train")
    parser.add_argument("--kinds", default=KINDS, help="shares of kinds of text (%(default)s)")
    parser.add_argument(
        "--placed", type=float, default=0.0, help="share of placed layouts, some of them slides"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-j", "--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    global SOURCE
    SOURCE = open_source(arguments)
    with multiprocessing.get_context("fork").Pool(arguments.workers) as pool:
        numbers = range(arguments.documents)
        pages = sum(pool.imap_unordered(set_document, numbers, chunksize=8))
    print(f"{arguments.lang}: {arguments.documents} documents, {pages} pages")


def set_document(number: int) -> int:
    """Set and write document `number`; returns its pages."""
    source = SOURCE
    key = (source.seed, ord(source.corpus.lang[0]), number)
    chosen = np.random.default_rng((*key, 4))
    if chosen.random() >= source.placed:
        setter = set_story
    else:
        setter = set_slides if chosen.random() < SLIDES else set_manual
    data = setter(key, source)
    with pymupdf.open(stream=data) as document:
        # a Chinese document has up to 15 MB of fonts; without what it does not use, 1 MB
        document.subset_fonts(fallback=False)
        document.save(
            source.out / f"{number:06d}.pdf", garbage=2, deflate=True, compression_effort=EFFORT
        )
        return int(document.page_count)


if __name__ == "__main__":
    main()
