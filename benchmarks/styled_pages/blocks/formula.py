"""Displayed formulas with indices, fractions, sums and their numbers."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, draw_line
from benchmarks.styled_pages.signs import OPERATORS, PREFIXED, PREFIXES, RELATIONS

LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVXYZαβγδεζηθκλμνξπρστφχψωΓΔΘΛΣΦΨΩ"


def formula(flow: Flow, content: Content) -> None:
    size = flow.look.size
    parts = [term(flow, content, size), sign(flow, content, RELATIONS)]
    for i in range(content.integer(1, 5)):
        if i:
            parts.append(sign(flow, content, OPERATORS))
        parts.append(term(flow, content, size))
    width = sum(part.width for part in parts)
    if width > 0.85 * flow.width:
        return
    high = size * 2.6
    flow.space(0.3 * flow.look.leading)
    flow.need(high)
    flow.y += high
    base = flow.y - 0.45 * high
    x = flow.left + (flow.width - width) / 2
    for part in parts:
        draw_line(flow.sheet, x, base, [part], 0, "left")
        if part.text == "fraction":
            flow.sheet.path([(x, base - 0.26 * size), (x + part.width, base - 0.26 * size)])
        x += part.width
    if content.chance(0.6):
        label = flow.type.box(f"({content.section()})", "roman", size)
        draw_line(flow.sheet, flow.left + flow.width - label.width, base, [label], 0, "left")
    flow.space(0.3 * flow.look.leading)


def sign(flow: Flow, content: Content, signs: str) -> Box:
    size = flow.look.size
    box = flow.type.box(content.one_of(signs), "roman", size)
    runs = tuple(replace(run, x=run.x + 0.25 * size) for run in box.runs)
    return Box(runs, box.width + 0.5 * size)


def term(flow: Flow, content: Content, size: float) -> Box:
    """A letter with indices, a function, a number, a sum or a fraction."""
    case = content.integer(0, 10)
    if case == 0:
        return fraction(flow, content, size)
    if case == 1:
        return over(flow, content, size)
    if case == 2:
        return flow.type.box(content.number(), "roman", size)
    runs = list(flow.type.box(content.one_of(LETTERS), "italic", size).runs)
    if content.chance(PREFIXED):
        before = flow.type.box(content.one_of(PREFIXES), "roman", size)
        runs = [*before.runs, *(replace(run, x=run.x + before.width) for run in runs)]
    x = sum(run.face.width(run.text) * run.size for run in runs)
    if case in (3, 4):
        inner = flow.type.box(f"({LETTERS[content.integer(0, 20)]})", "roman", size)
        runs += (replace(run, x=run.x + x) for run in inner.runs)
        return Box(tuple(runs), x + inner.width)
    wide = 0.0
    for share, rise in ((0.5, 0.38), (0.6, -0.18)):
        if content.chance(share):
            text = (
                str(content.integer(0, 12))
                if content.chance(0.5)
                else LETTERS[content.integer(0, 24)]
            )
            small = flow.type.box(text, "italic", 0.7 * size)
            runs += (replace(run, x=run.x + x, rise=rise * size) for run in small.runs)
            wide = max(wide, small.width)
    return Box(tuple(runs), x + wide)


def fraction(flow: Flow, content: Content, size: float) -> Box:
    over_, under = (_simple(flow, content, size) for _ in range(2))
    width = max(over_.width, under.width) + 2
    runs = [
        replace(run, x=run.x + (width - over_.width) / 2, rise=0.68 * size) for run in over_.runs
    ]
    runs += [
        replace(run, x=run.x + (width - under.width) / 2, rise=-0.69 * size) for run in under.runs
    ]
    return Box(tuple(runs), width, text="fraction")


def over(flow: Flow, content: Content, size: float) -> Box:
    """A sum or a product with its limits."""
    big = flow.type.box("∑∏∫"[content.integer(0, 3)], "roman", 1.4 * size)
    low = flow.type.box(
        f"{LETTERS[content.integer(0, 24)]}={content.integer(0, 3)}", "italic", 0.7 * size
    )
    high = flow.type.box("nNkKm∞"[content.integer(0, 6)], "italic", 0.7 * size)
    width = max(big.width, low.width, high.width)
    runs = [replace(run, x=run.x + (width - big.width) / 2, rise=-0.1 * size) for run in big.runs]
    runs += [replace(run, x=run.x + (width - low.width) / 2, rise=-0.95 * size) for run in low.runs]
    runs += [replace(run, x=run.x + (width - high.width) / 2, rise=1.1 * size) for run in high.runs]
    return Box(tuple(runs), width)


def _simple(flow: Flow, content: Content, size: float) -> Box:
    first = content.one_of(LETTERS)
    if content.chance(0.5):
        return flow.type.box(first, "italic", size)
    second = LETTERS[content.integer(0, 24)] if content.chance(0.5) else str(content.integer(1, 20))
    return flow.type.box(f"{first} {content.one_of(OPERATORS)} {second}", "italic", size)
