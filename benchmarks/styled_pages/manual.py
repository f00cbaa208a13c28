"""Documents of placed layouts: manuals, package documentation, papers, contents, forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.styled_pages.blocks.contents import contents, index
from benchmarks.styled_pages.blocks.diagram import diagram, form, front
from benchmarks.styled_pages.blocks.formula import formula
from benchmarks.styled_pages.blocks.listing import listing, long_listing
from benchmarks.styled_pages.blocks.references import references
from benchmarks.styled_pages.blocks.repeated import array, series
from benchmarks.styled_pages.blocks.table import table
from benchmarks.styled_pages.blocks.text import description, heading, items, paragraph, side_names
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import draw_line
from benchmarks.styled_pages.look import random_look, random_type
from benchmarks.styled_pages.source import Source, open_content

Block = Callable[[Flow, Content], None]
PAGES = (3, 6)


@dataclass(frozen=True)
class Plan:
    """What documents of a kind consist of: `blocks` with their weights, after those of `first`
    and before those of `last`, which are there with a chance."""

    share: float
    blocks: Mapping[Block, float]
    first: Mapping[Block, float] = field(default_factory=dict)
    last: Mapping[Block, float] = field(default_factory=dict)
    columns: Mapping[int, float] = field(default_factory=lambda: {1: 1.0})
    side: bool = False


PLANS = (
    Plan(0.26, {paragraph: 3, heading: 0.7, listing: 2.5, side_names: 1.5, items: 0.2, table: 0.1,
                series: 0.4, array: 0.1},
         first={front: 0.1}, last={index: 0.12}, side=True),
    Plan(0.26, {paragraph: 4, heading: 1, listing: 1.2, items: 0.7, table: 0.4, description: 0.8,
                diagram: 0.35, formula: 0.2, form: 0.05, series: 0.4, array: 0.3},
         first={front: 0.1, contents: 0.12}, last={references: 0.08, index: 0.05}),
    Plan(0.1, {listing: 2, long_listing: 2, paragraph: 0.7, heading: 0.4, series: 1, array: 0.7}),
    Plan(0.2, {paragraph: 6, heading: 0.8, formula: 1.6, diagram: 0.4, table: 0.4, items: 0.3,
                array: 0.3},
         first={front: 0.4}, last={references: 0.4}, columns={1: 0.5, 2: 0.5}),
    Plan(0.1, {contents: 2, index: 1, paragraph: 1, references: 0.5}),
    Plan(0.08, {form: 2, diagram: 2, table: 1, paragraph: 1, heading: 0.7, front: 0.3},
         columns={1: 0.8, 2: 0.2}),
)  # fmt: skip


def set_manual(key: tuple[int, ...], source: Source) -> bytes:
    """The PDF of a document with a plan; `key` seeds it."""
    lang = source.corpus.lang
    look_rng, text_rng, rng = (np.random.default_rng((*key, part)) for part in range(5, 8))
    plan = PLANS[int(look_rng.choice(len(PLANS), p=[plan.share for plan in PLANS]))]
    look = random_look(look_rng, lang, plan.columns, plan.side)
    faces = random_type(look_rng, lang, source.families, source.face)
    content = open_content(source, text_rng, rng)
    flow = Flow(look, faces, Margins(content))
    for block, chance in plan.first.items():
        if content.chance(chance):
            block(flow, content)
    blocks, weights = list(plan.blocks), np.array(list(plan.blocks.values()))
    most = content.integer(*PAGES)
    while flow.sheet.pages < most:
        blocks[int(rng.choice(len(blocks), p=weights / weights.sum()))](flow, content)
    for block, chance in plan.last.items():
        if content.chance(chance):
            block(flow, content)
    flow.next_page()
    return flow.sheet.pdf()


class Margins:
    """What stands above and below the text of a document's pages."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._title = content.title(1, 6)
        self._section = content.title(1, 6)

    def __call__(self, flow: Flow) -> None:
        look, content = flow.look, self._content
        number = look.page + flow.sheet.pages
        if content.chance(0.3):
            self._section = f"{content.section()}  {content.title(1, 6)}"
            if content.lang == "zh" and content.chance(0.5):
                self._section = (
                    f"第{content.integer(1, 20)}{'章节'[content.integer(0, 2)]} {self._section}"
                )
        odd = number % 2
        page, text = str(number), (self._section, self._title)[odd]
        sides = {
            "none": ("", "", ""),
            "split": (text, "", page) if odd else (page, "", text),
            "page": ("", "", page),
            "title": ("", text, ""),
            "dashes": ("", f"– {page} –", ""),
            "of": ("", f"{page} / {number // 10 * 10 + 10}", ""),
        }
        top = look.top - 1.6 * look.leading
        self._row(flow, sides[look.head], top)
        foot = ("", page, "") if look.foot == "page" else sides[look.foot]
        self._row(flow, foot, look.height - look.bottom + 2 * look.leading)
        if look.rule and look.head != "none":
            flow.sheet.path([(look.left, top + 4), (look.width - look.right, top + 4)])

    def _row(self, flow: Flow, texts: tuple[str, str, str], y: float) -> None:
        look = flow.look
        style = ("roman", "italic", "sans", "roman")[look.page % 4]
        width = look.width - look.left - look.right
        if not 6 < y < look.height - 3:
            return
        for text, align in zip(texts, ("left", "center", "right"), strict=True):
            boxes = flow.type.boxes([(text, style)], 0.92 * look.size)
            if text and sum(box.width + box.glue for box in boxes) < 0.85 * width:
                draw_line(flow.sheet, look.left, y, boxes, width, align)
