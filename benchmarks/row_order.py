"""How well the text itself shows that the rows of a page do not belong together.

    python -m benchmarks.row_order PDF_OR_FOLDER … [--pages 5] [--seed 0]

Reads pages of each document (e-books in 20 layouts) and checks their rows three times: as they
are, read across (the halves of the page take turns, as two columns read straight across give
them), and shuffled. Prints how many of the pages with enough rows each check rejects; as they are,
the pages are taken to be right.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

import renderers.pdf.page as reading
from renderers.pdf.continuity import joins
from renderers.pdf.document import open_document, silence
from renderers.pdf.layout import REFLOWABLE, sample_book_layouts
from renderers.pdf.order_check import check_order
from renderers.pdf.quality import DEFAULTS, Thresholds
from renderers.pdf.text import PageText
from renderers.rejected import Rejected
from vary_data.sources.pdfs import find_documents

LAYOUTS = 20
WAYS = ("as they are", "read across", "shuffled")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="+")
    parser.add_argument("--pages", type=int, default=5, help="of each document")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    silence()
    rng = random.Random(arguments.seed)
    rejected: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
    for file in find_documents(arguments.source):
        for lang, page in pages(Path(str(file.path)), arguments.pages, rng):
            rows = page.running_rows
            half = len(rows) // 2
            across = [r for pair in zip(rows[:half], rows[half:], strict=False) for r in pair]
            shuffled = rng.sample(rows, len(rows))
            if page.continuity.count >= DEFAULTS.judged_rows:
                others = (replace(page, continuity=joins(pairwise(r))) for r in (across, shuffled))
                rejected[lang].append(tuple(map(is_rejected, (page, *others))))
    for lang, found in sorted(rejected.items()):
        shares = np.mean(found, axis=0)
        shown = ", ".join(f"{way} {share:.3f}" for way, share in zip(WAYS, shares, strict=True))
        print(f"{lang}: {len(found)} pages, rejected: {shown}")


def pages(path: Path, count: int, rng: random.Random) -> Iterator[tuple[str, PageText]]:
    """The language and text of pages that pass all checks but that of their order."""
    layouts = sample_book_layouts(np.random.default_rng(0), LAYOUTS)
    kept: list[PageText] = []

    def keep(page: PageText, limits: Thresholds = DEFAULTS) -> None:
        kept.append(page)

    setattr(reading, "check_order", keep)  # noqa: B010
    for layout in layouts if path.suffix.lower() in REFLOWABLE else (None,):
        try:
            document = open_document(path, layout)
        except Rejected:
            continue
        with document:
            for index in rng.sample(range(document.page_count), min(count, document.page_count)):
                try:
                    lang = reading.PageReader().read(document, index).lang
                except Rejected:
                    continue
                yield lang, kept.pop()


def is_rejected(page: PageText) -> bool:
    """Whether the rows alone reject a page."""
    try:
        check_order(replace(page, doubts=0, order_agreement=1.0))
    except Rejected:
        return True
    return False


if __name__ == "__main__":
    main()
