"""The functions of programs over the layout of a page, computed from its blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vary_data.targets.pages.layout import pixels
from vary_data.targets.pages.page import Block, Page

NAMED = {
    "heading": ("section_header",),
    "table": ("table",),
    "figure": ("figure", "chart"),
    "formula": ("formula",),
    "list item": ("list_item",),
    "caption": ("caption",),
}
"""What questions count, and the roles of it."""
MAX_ASKED = 300
"""Longest text in characters that is an answer."""
MAX_NAMED = 80
"""Longest text in a question."""
_MARKUP = re.compile(r"\\[\[\](]|\\begin|\$")


@dataclass(frozen=True)
class LayoutFacts:
    """What programs can use of a page."""

    page: Page

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by name."""
        names = ("text_in", "where", "nth", "count", "after", "caption_of")
        return {name: getattr(self, f"_{name}") for name in names}

    @cached_property
    def texts(self) -> list[Block]:
        """Blocks with a short text without formulas that no other block has."""
        found = [
            block
            for block in self.page.blocks
            if block.text
            and len(block.text) <= MAX_ASKED
            and block.role not in ("table", "formula", "code", "algorithm", "figure", "chart")
            and not _MARKUP.search(block.text)
        ]
        texts = [block.text for block in self.page.blocks]
        return [block for block in found if texts.count(block.text) == 1]

    def of(self, what: str) -> list[Block]:
        """The blocks of a name in `NAMED`, in reading order."""
        return [block for block in self.page.blocks if block.role in NAMED[what]]

    def _text_in(self, *box: int) -> str:
        """The text of the block with this box in pixels."""
        found = [b.text for b in self.page.blocks if pixels(b, self.page) == list(box) and b.text]
        if len(found) != 1:
            raise LookupError(f"{len(found)} blocks with the box {box}")
        return found[0]

    def _where(self, text: str) -> str:
        """The box of the block with this text, in pixels."""
        found = [block for block in self.page.blocks if block.text == text]
        if len(found) != 1:
            raise LookupError(f"{len(found)} blocks with the text {text!r}")
        return str(pixels(found[0], self.page))

    def _nth(self, what: str, number: int) -> str:
        if number < 1:
            raise LookupError("the first is 1")
        return self.of(what)[number - 1].text

    def _count(self, what: str) -> int:
        return len(self.of(what))

    def _after(self, text: str) -> str:
        """The heading after this one."""
        texts = [block.text for block in self.of("heading")]
        if texts.count(text) != 1:
            raise LookupError("no such heading, or several")
        return texts[texts.index(text) + 1]

    def _caption_of(self, number: int) -> str:
        """The caption of a table, counted in reading order."""
        if number < 1:
            raise LookupError("the first is 1")
        table = self.of("table")[number - 1]
        index = next(i for i, block in enumerate(self.page.blocks) if block is table)
        found = [b.text for b in self.page.blocks if b.role == "caption" and b.parent == index]
        if len(found) != 1:
            raise LookupError(f"the table has {len(found)} captions")
        return found[0]
