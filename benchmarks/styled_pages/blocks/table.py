"""Tables with rules, as books have them, or with a frame around each cell."""

from __future__ import annotations

from benchmarks.styled_pages.blocks.columns import LEFT, RIGHT, draw_cell, fitting
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow


def table(flow: Flow, content: Content) -> None:
    look, faces = flow.look, flow.type
    size = look.size * (0.9 if content.chance(0.5) else 1.0)
    leading = look.leading * size / look.size
    columns, rows = content.integer(2, 7), content.integer(3, 16)
    kinds = [
        ("words", "number", "name", "number", "integer")[content.integer(0, 5)]
        for _ in range(columns)
    ]
    kinds[0] = "name" if content.chance(0.3) else "words"
    cells = [[_cell(content, "words") for _ in kinds]]
    cells += [[_cell(content, kind) for kind in kinds] for _ in range(rows)]
    gap = float(content.rng.uniform(0.8, 1.8)) * size
    boxes = [
        [faces.box(text, _style(kind, k), size) for text, kind in zip(row, kinds, strict=True)]
        for k, row in enumerate(cells)
    ]
    widths = fitting(boxes, gap, flow.width)
    total = sum(widths) + gap * len(widths)
    if total > flow.width:
        return
    if content.chance(0.6):
        caption(flow, content, "Table", "表")
    flow.space(0.5 * leading)
    flow.need(min(len(cells), 5) * leading)
    left = (flow.width - total) / 2 if content.chance(0.7) else 0.0
    grid = content.chance(0.3)
    flush = [
        content.integer(LEFT, RIGHT + 1) if kind in ("number", "integer") else LEFT
        for kind in kinds
    ]
    for k, row in enumerate(boxes):
        flow.need(leading)
        top = flow.y
        x0 = flow.left + left
        if k in (0, 1) and not grid:
            flow.sheet.path([(x0, top + 1), (x0 + total, top + 1)], width=0.8 if k == 0 else 0.4)
        flow.y += leading
        x = x0 + gap / 2
        for i, width in enumerate(widths):
            draw_cell(flow, row[i], x, flow.y - 0.28 * leading, width, flush[i])
            if grid:
                flow.sheet.frame(x - gap / 2, top, width + gap, leading)
            x += width + gap
    if not grid:
        flow.sheet.path([(x0, flow.y + 1), (x0 + total, flow.y + 1)], width=0.8)
    flow.space(0.6 * leading)


def caption(flow: Flow, content: Content, en: str, zh: str) -> None:
    name, number = (en, zh)[content.lang == "zh"], content.section()
    text = f"{name} {number}{(':', '.', ' ')[content.integer(0, 3)]} {content.title(2, 12)}"
    flow.space(0.4 * flow.look.size)
    flow.paragraph([(text, "roman")], size=0.92 * flow.look.size,
                   align="center" if len(text) < 70 else flow.look.align)  # fmt: skip


def _style(kind: str, row: int) -> str:
    if row == 0:
        return "bold"
    return "mono" if kind == "name" else "roman"


def _cell(content: Content, kind: str) -> str:
    if kind == "number":
        return content.number()
    if kind == "integer":
        return str(content.integer(0, 200))
    return content.name() if kind == "name" else content.title(1, 4)
