"""The Markdown of pages beside that of pymupdf4llm: headings, list items, tables, emphasis.

    python -m benchmarks.page_markdown PDF_OR_FOLDER … [--pages 60] [--seed 0] [--show FOLDER]

One random kept page of each document is converted by both. For each kind of element it prints how
many both have, with the same text, and how many only one of them has. Neither is the truth: with
`--show` both texts and the picture of each page are written there, the page with most differences
first. pymupdf4llm is part of PyMuPDF 2; its layout analysis is a neural network.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pymupdf4llm

from renderers.pdf.document import open_document, silence
from renderers.pdf.page import DocumentPage, PageReader
from renderers.picture import encode
from renderers.rejected import Rejected
from vary_data.sources.pdfs import find_documents

KINDS = ("headings", "list items", "tables", "table cells", "bold words", "italic words")

_PICTURE = re.compile(r"<!-- Start of picture text -->.*?<!-- End of picture text -->", re.DOTALL)
_CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_BOLD = re.compile(r"\*\*\*?(.+?)\*\*\*?")
_ITALIC = re.compile(r"(?<![*\w])\*([^*\n]+?)\*(?!\*)|(?<!\w)_([^_\n]+?)_(?!\w)")
_TAG = re.compile(r"<[^>]*>|[\\*_`]")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(.*)")


class Pair(NamedTuple):
    """One page by both."""

    name: str
    page: DocumentPage
    other: str

    @property
    def differences(self) -> int:
        ours, theirs = elements(self.page.text), elements(self.other)
        return sum(((ours[k] - theirs[k]) + (theirs[k] - ours[k])).total() for k in KINDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="+")
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=Path)
    arguments = parser.parse_args()
    silence()
    pairs = read_pairs(arguments.source, arguments.pages, arguments.seed)
    print(f"{len(pairs)} pages{'':11}   both   ours  theirs")
    for kind in KINDS:
        both = ours = theirs = 0
        for pair in pairs:
            a, b = elements(pair.page.text)[kind], elements(pair.other)[kind]
            both += (a & b).total()
            ours += (a - b).total()
            theirs += (b - a).total()
        print(f"{kind:20}{both:7}{ours:7}{theirs:8}")
    if arguments.show:
        arguments.show.mkdir(parents=True, exist_ok=True)
        for number, pair in enumerate(sorted(pairs, key=lambda p: -p.differences)):
            _write(arguments.show / f"{number:02}", pair)


def read_pairs(sources: Sequence[str], count: int, seed: int) -> list[Pair]:
    """A kept page of each of up to `count` documents, in random order."""
    rng = random.Random(seed)
    files = [file for file in find_documents(sources) if not file.problem]
    rng.shuffle(files)
    reader = PageReader(markdown=True)
    found: list[Pair] = []
    for file in files:
        if len(found) == count:
            break
        with contextlib.suppress(Rejected), open_document(Path(str(file.path))) as document:
            index = rng.randrange(document.page_count)
            page = reader.read(document, index)
            with contextlib.redirect_stdout(io.StringIO()):
                other = pymupdf4llm.to_markdown(document, pages=[index], use_ocr=False)
            found.append(Pair(f"{file.name} page {index + 1}", page, other))
    return found


def elements(text: str) -> dict[str, Counter[str]]:
    """The elements of a Markdown text by kind, each by its letters and digits."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    text = _CODE.sub("", _PICTURE.sub("", text))
    table = 0
    for line in text.splitlines():
        in_table = line.startswith("|")
        table = table + 1 if in_table else 0
        if in_table:
            found["tables"]["table"] += table == 1
            found["table cells"].update(filter(None, map(_letters, line.split("|"))))
            continue
        if line.startswith("#"):
            found["headings"][_letters(line)] += 1
            continue
        if (item := _ITEM.match(line)) and _letters(item.group(1)):
            found["list items"][_letters(item.group(1))] += 1
        for kind, pattern in (("bold words", _BOLD), ("italic words", _ITALIC)):
            for match in pattern.finditer(line):
                words = " ".join(filter(None, match.groups())).split()
                found[kind].update(filter(None, map(_letters, words)))
    for counts in found.values():
        del counts[""]
    return found


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _TAG.sub("", text))).casefold()


def _write(stem: Path, pair: Pair) -> None:
    stem.with_suffix(".png").write_bytes(encode(pair.page.picture.pixels, "png"))
    stem.with_suffix(".ours.md").write_text(f"<!-- {pair.name} -->\n{pair.page.text}\n")
    stem.with_suffix(".theirs.md").write_text(f"<!-- {pair.name} -->\n{pair.other}\n")


if __name__ == "__main__":
    main()
