"""Tables with rules, as books have them, or with a frame around each cell."""

from __future__ import annotations

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import draw_line


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

    def boxes(row: list[str], k: int) -> list[float]:
        return [faces.box(t, _style(kinds[i], k), size).width for i, t in enumerate(row)]

    widths = [
        max(column) for column in zip(*(boxes(row, k) for k, row in enumerate(cells)), strict=True)
    ]
    while sum(widths) + gap * len(widths) > flow.width and len(widths) > 1:
        widths.pop()
    total = sum(widths) + gap * len(widths)
    if total > flow.width:
        return
    if content.chance(0.6):
        caption(flow, content, "Table", "表")
    flow.space(0.5 * leading)
    flow.need(min(len(cells), 5) * leading)
    left = (flow.width - total) / 2 if content.chance(0.7) else 0.0
    grid = content.chance(0.3)
    flush = [content.integer(0, 3) if kind in ("number", "integer") else 0 for kind in kinds]
    for k, row in enumerate(cells):
        flow.need(leading)
        top = flow.y
        x0 = flow.left + left
        if k in (0, 1) and not grid:
            flow.sheet.path([(x0, top + 1), (x0 + total, top + 1)], width=0.8 if k == 0 else 0.4)
        flow.y += leading
        x = x0 + gap / 2
        for i, width in enumerate(widths):
            box = faces.box(row[i], _style(kinds[i], k), size)
            shift = (0.0, (width - box.width) / 2, width - box.width)[flush[i]]
            draw_line(flow.sheet, x + shift, flow.y - 0.28 * leading, [box], 0, "left")
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
