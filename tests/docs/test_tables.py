"""Tables of the documentation: every row has as many cells as the head, or Markdown cuts it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/*.md")])
RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?")


def cells(line: str) -> int:
    """The cells of a row; a bar divides them also within code, unless it is escaped."""
    return len(re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")))


@pytest.mark.parametrize("page", dict.fromkeys(PAGES), ids=lambda page: page.name)
def test_rows_are_whole(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        if fenced or "|" not in line or not RULE.fullmatch(line.strip()):
            continue
        wanted = cells(lines[number - 1])
        for row in lines[number:]:
            if not row.strip().startswith("|"):
                break
            assert cells(row) == wanted, row[:120]
