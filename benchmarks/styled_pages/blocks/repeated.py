"""Rows that differ little: arrays of numbers, and lines of one form.

A reader that goes by what it wrote last repeats itself on them, or loses its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.styled_pages.blocks.columns import LEFT, RIGHT, draw_cell, fitting, shortened
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow

BRACKETS = (("[", "]"), ("(", ")"), ("|", "|"), ("{", "},"))


def array(flow: Flow, content: Content) -> None:
    """Numbers in columns, without rules; of some arrays every entry is one of a few."""
    size = flow.look.size * (0.85, 0.95, 1.0)[content.integer(0, 3)]
    leading = flow.look.leading * size / flow.look.size
    style = "mono" if content.chance(0.5) else "roman"
    entry = _entries(content)
    columns, rows = content.integer(2, 13), content.integer(3, 25)
    cells = [[entry() for _ in range(columns)] for _ in range(rows)]
    brackets = content.one_of(BRACKETS) if content.chance(0.4) else ("", "")
    gap = (0.6, 1.0, 1.8)[content.integer(0, 3)] * size
    boxes = [[flow.type.box(text, style, size) for text in row] for row in cells]
    left, right = (flow.type.box(bracket, style, size) for bracket in brackets)
    around = left.width + right.width + gap
    widths = fitting(boxes, gap, flow.width - around)
    total = sum(widths) + gap * len(widths) + around
    indent = max(0.0, (flow.width - total) / 2) if content.chance(0.5) else 0.0
    flow.space(0.5 * leading)
    flow.need(3 * leading)
    for row in boxes:
        flow.need(leading)
        flow.y += leading
        x, base = flow.left + indent + gap, flow.y - 0.28 * leading
        # apart from the first number, which may be a short one: brackets stand below each other
        draw_cell(flow, left, x, base, left.width, LEFT)
        x += left.width
        for box, width in zip(row, widths, strict=False):
            draw_cell(flow, box, x, base, width, RIGHT)
            x += width + gap
        draw_cell(flow, right, x - gap, base, right.width, LEFT)
    flow.space(0.5 * leading)


def series(flow: Flow, content: Content) -> None:
    """Lines of one form, with a number that mostly counts on, or words that come again."""
    size = flow.look.size * (flow.look.code.size if content.chance(0.6) else 1.0)
    style = "mono" if size < flow.look.size or content.chance(0.3) else "roman"
    leading = flow.look.leading * size / flow.look.size
    indent = (0.0, 1.0, 2.0)[content.integer(0, 3)] * size
    flow.space(0.5 * leading)
    flow.need(3 * leading)
    lines = _lines(content)
    for _ in range(content.integer(4, 30)):
        flow.line([shortened(flow, next(lines), style, size, flow.width - indent)], leading, indent)
    flow.space(0.5 * leading)


def _entries(content: Content) -> Callable[[], str]:
    """What makes the entries of an array."""
    digits = content.integer(0, 6)
    few = [str(content.integer(0, 10)) for _ in range(content.integer(2, 4))]
    forms: tuple[Callable[[], str], ...] = (
        lambda: content.one_of(few),
        lambda: str(content.integer(0, 10)),
        lambda: str(content.integer(-20, 200)),
        lambda: f"{content.rng.uniform(-2, 2):z.{digits}f}",  # no -0
        content.number,
    )
    return content.one_of(forms)


def _lines(content: Content) -> Iterator[str]:
    """Lines of one form without an end."""
    count, step = content.integer(0, 300), (1, 1, 1, 2, 10, -1, 0)[content.integer(0, 7)]
    name, other = content.name(), content.name()
    few = [content.phrase(1, 3) for _ in range(content.integer(2, 5))]
    changing = (content.name, content.number, lambda: content.one_of(few))
    change = content.one_of(changing)
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{name}{{{change()}}}",
        lambda: f"{name}({count}, {change()})",
        lambda: f"{name}[{count}] = {change()}",
        lambda: f"{change()} {count}",
        lambda: f"{count} {change()}",
        lambda: f"{count} {name}{{{other}}}{{{change()}}}%",
        lambda: f"{name} {change()} → {other}{count}",
        lambda: f"• {change()} ({other} {count})",
    )
    form = content.one_of(forms)
    while True:
        yield form()
        count += step
        if content.chance(0.05):  # what cannot be foretold
            count += content.integer(-3, 12)
