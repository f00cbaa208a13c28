"""The content of slides: items, short texts, columns, boxes, and blocks of the placed layouts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.styled_pages.blocks.diagram import diagram
from benchmarks.styled_pages.blocks.formula import formula
from benchmarks.styled_pages.blocks.listing import listing
from benchmarks.styled_pages.blocks.table import table
from benchmarks.styled_pages.blocks.text import spans_of
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box
from benchmarks.styled_pages.slides.theme import Theme
from benchmarks.styled_pages.text import SENTENCE

SENTENCE_LENGTH = {"en": 140, "zh": 55}
"""Characters of a sentence on a slide, at most."""

SENTENCES = {"en": 0.35, "zh": 0.5}
"""The share of items that are sentences."""
LEAST_ITEMS = {"en": 2, "zh": 3}
LEAST_WORDS = {"en": 2, "zh": 3}
"""Of an item. Chinese says more in fewer characters, and of fewer than 50 no page is kept."""


@dataclass(frozen=True)
class Bodies:
    """Draws contents of slides; `theme` has the colors and what stands before items."""

    theme: Theme

    def items(self, flow: Flow, content: Content) -> None:
        """Items of one or two levels."""
        nested = content.chance(0.35)
        for i in range(content.integer(LEAST_ITEMS[content.lang], 7)):
            self._item(flow, content, i, 0)
            for k in range(content.integer(0, 4) if nested else 0):
                self._item(flow, content, k, 1)

    def text(self, flow: Flow, content: Content) -> None:
        for _ in range(content.integer(1, 3)):
            flow.paragraph(spans_of(flow, content, _sentences(content, content.integer(1, 4))))
            flow.space(flow.look.skip)

    def text_and_items(self, flow: Flow, content: Content) -> None:
        flow.paragraph([(_sentences(content, 1), "roman")])
        flow.space(flow.look.skip)
        self.items(flow, content)

    def columns(self, flow: Flow, content: Content) -> None:
        """Two columns, each with items or something else."""
        top, low = flow.y, flow.y
        flow.top = top
        flow.columns = 2
        headed = content.chance(0.3)
        for k in range(2):
            if k:
                flow.next_column()
            if headed:
                flow.paragraph([(content.title(1, 4), "accent")], align="left")
                flow.space(flow.look.skip)
            side = (
                self.items
                if content.chance(0.6)
                else content.one_of((self.text, self.figure, self.table, self.program))
            )
            side(flow, content)
            low = max(low, flow.y)
        flow.columns = flow.column = 0
        flow.y = low

    def box(self, flow: Flow, content: Content) -> None:
        """A box with a title in a bar and a text below it."""
        look, theme = flow.look, self.theme
        if content.chance(0.5):
            flow.paragraph([(_sentences(content, 1), "roman")])
        inset = 0.5 * look.size
        for _ in range(content.integer(1, 3)):
            flow.space(0.6 * look.size)
            top = flow.y
            title = [(content.title(1, 5), "on bar")]
            flow.y += 0.05 * look.leading
            flow.paragraph(title, left=inset, right=inset, align="left")
            filled = flow.y + 0.05 * look.leading
            flow.sheet.area(flow.left, top, flow.width, filled - top, theme.bar)
            flow.y = filled + 0.2 * look.size
            flow.paragraph([(_sentences(content, 2), "roman")], left=inset, right=inset)
            flow.y += 0.3 * look.size
            flow.sheet.area(flow.left, filled, flow.width, flow.y - filled, theme.tint)

    def table(self, flow: Flow, content: Content) -> None:
        self._or_items(table, flow, content)

    def equation(self, flow: Flow, content: Content) -> None:
        for _ in range(content.integer(1, 3)):
            flow.paragraph([(_sentences(content, 1), "roman")])
            formula(flow, content)
        if content.chance(0.5):
            self.items(flow, content)

    def program(self, flow: Flow, content: Content) -> None:
        if content.chance(0.4):
            flow.paragraph([(_sentences(content, 1), "roman")])
        listing(flow, content, content.integer(3, 14))

    def figure(self, flow: Flow, content: Content) -> None:
        if content.chance(0.8):  # of labels alone no page would be kept
            flow.paragraph([(_sentences(content, 1), "roman")])
        diagram(flow, content)

    def _or_items(
        self, block: Callable[[Flow, Content], None], flow: Flow, content: Content
    ) -> None:
        """A block, and items if it has drawn nothing or there is something to say about it."""
        before = flow.y
        block(flow, content)
        if flow.y == before or content.chance(0.2):
            self._item(flow, content, 0, 0)
            self._item(flow, content, 1, 0)

    def _item(self, flow: Flow, content: Content, number: int, level: int) -> None:
        look = flow.look
        size = look.size * (0.9 if level else 1.0)
        left = (1.4 + 1.4 * level) * look.size
        text = (
            _sentences(content, 1)
            if content.chance(SENTENCES[content.lang])
            else content.title(LEAST_WORDS[content.lang], 11)
        )
        flow.space(look.skip * (0.5 if level else 1.0))
        mark: Box | None = None
        if self.theme.marks == "number" and not level:
            sign = self.theme.number_form.format(number + 1)
            mark = flow.type.box(sign, "mark", size)
        elif self.theme.marks != "drawn":
            mark = flow.type.box("–" if level else look.bullet, "mark", size)
        if mark is not None:
            mark = Box(mark.runs, mark.width + 0.4 * look.size)
            left = max(left, mark.width)
        base = flow.paragraph(spans_of(flow, content, text), size=size, left=left, mark=mark)
        if mark is None:
            side = (0.32 if level else 0.42) * size
            flow.sheet.area(
                flow.left + left - 0.5 * size - side, base - 0.1 * size - side, side, side,
                self.theme.accent,
            )  # fmt: skip


def _sentences(content: Content, most: int) -> str:
    """The first sentences of the next paragraph that are not too long for a slide."""
    length = SENTENCE_LENGTH[content.lang]
    found = [part.strip() for part in SENTENCE.split(content.paragraph())]
    short = [part for part in found if re.search(r"\w", part) and len(part) <= length]
    if not short:
        return content.title(4, 12)
    return (" " if content.lang == "en" else "").join(short[:most])
