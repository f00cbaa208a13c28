"""Edit distances of kept pages from two other extractors: poppler's pdftotext, and PDFium.

    python -m benchmarks.page_fidelity DATASET --src FOLDER … [--config en zh]

DATASET is written by `vary-data pages` from the PDF files of the folders. Needs pypdfium2. Prints a
row for each language and layout: the mean and median normalized edit distance without spaces, with
compatibility characters normalized, and the mean of what differs from pdftotext in any order; then
the pages whose order differs from both by most.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple

import pypdfium2

from benchmarks.pages import bag_similarity, pdftotext, plain_characters
from trainer.evaluation.metrics.edits import ned
from vary_data.api import open_dataset
from vary_data.base.errors import VaryError

_BROKEN_WORD = re.compile("[\ufffe\x02]\r?\n?")
"""PDFium's mark for a hyphen at the end of a row."""
WORST = 10


class Distances(NamedTuple):
    """Of a page from pdftotext and PDFium, and from pdftotext in any order; 0 to 1."""

    poppler: float
    pdfium: float
    characters: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset")
    parser.add_argument("--src", nargs="+", type=Path, required=True)
    parser.add_argument("--config", nargs="+", default=("en", "zh"))
    arguments = parser.parse_args()
    files = {path.name: path for folder in arguments.src for path in folder.rglob("*.pdf")}
    found: dict[tuple[str, str], list[Distances]] = defaultdict(list)
    order: list[tuple[float, str]] = []
    try:
        dataset = open_dataset(arguments.dataset)
        configs = [dataset.config(name) for name in arguments.config]
    except VaryError as error:
        parser.error(str(error))
    for config in configs:
        for row in config.rows():
            index = json.loads(row["meta"])["page"] - 1
            distances = measure(row["text"], files[Path(row["source"]).name], index)
            found[config.name, layout(row)].append(distances)
            order.append(
                (min(distances[:2]) - distances.characters, f"{row['source']} {index + 1}")
            )
    for (config, kind), pages in sorted(found.items()):
        print(f"{config}, {kind}: {_summary(pages)}")
    print(f"all: {_summary([page for pages in found.values() for page in pages])}")
    for difference, place in sorted(order, reverse=True)[:WORST]:
        print(f"{difference:.3f} {place}")


def measure(text: str, path: Path, index: int) -> Distances:
    """Compare the text of a page, from 0, with what the others read."""
    poppler, own = pdftotext(path, index), plain_characters(text)
    with pypdfium2.PdfDocument(path) as document:
        pdfium = document[index].get_textpage().get_text_bounded()
    pdfium = _BROKEN_WORD.sub("-", pdfium)
    return Distances(
        ned(own, plain_characters(poppler)),
        ned(own, plain_characters(pdfium)),
        1 - bag_similarity(text, poppler),
    )


def layout(row: dict[str, Any]) -> str:
    """One column, several flows, or tables, whatever else is on the page."""
    if any(region["role"] == "table" for region in row["regions"]):
        return "tables"
    return "one column" if json.loads(row["meta"])["flows"] == 1 else "several flows"


def _summary(pages: Sequence[Distances]) -> str:
    poppler, pdfium, characters = zip(*pages, strict=True)
    both = (
        f"{name} {mean(found):.3f} ({median(found):.3f})"
        for name, found in (("pdftotext", poppler), ("PDFium", pdfium))
    )
    return f"{len(pages)} pages, {', '.join(both)}, in any order {mean(characters):.3f}"


if __name__ == "__main__":
    main()
