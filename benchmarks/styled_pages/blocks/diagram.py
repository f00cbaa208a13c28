"""Figures with words in them: boxes with labels, lines between them, axes; forms and cards."""

from __future__ import annotations

from benchmarks.styled_pages.blocks.table import caption
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import draw_line


def diagram(flow: Flow, content: Content) -> None:
    """Boxes on a grid, some joined by lines, most with a label."""
    look = flow.look
    columns, rows = content.integer(1, 5), content.integer(1, 5)
    wide, high = flow.width / columns, float(content.rng.uniform(2.5, 5)) * look.size
    flow.space(look.leading)
    flow.need(rows * high + 3 * look.leading)
    size = look.size * float(content.rng.uniform(0.7, 1.0))
    top = flow.y
    for k in range(rows * columns):
        x, y = flow.left + k % columns * wide, top + k // columns * high
        _node(flow, content, x, y, wide, high, size)
    flow.y = top + rows * high
    if content.chance(0.8):
        caption(flow, content, "Figure", "图")
    flow.space(look.leading * 0.6)


def _node(
    flow: Flow, content: Content, x: float, y: float, wide: float, high: float, size: float
) -> None:
    if content.chance(0.25):
        return
    if content.chance(0.3):
        letter, link = "ABCDEHPRTVX"[content.integer(0, 11)], "-_"[content.integer(0, 2)]
        label = f"{letter}{link}{content.integer(1, 130)}"
    else:
        label = content.title(1, 3) if content.chance(0.7) else str(content.integer(0, 40))
    style = ("roman", "sans", "italic", "mono")[content.integer(0, 4)]
    box = flow.type.box(label, style, size)
    if box.width > 0.8 * wide:
        return
    middle = (x + wide / 2, y + high / 2)
    if content.chance(0.6):
        frame = (middle[0] - box.width / 2 - 5, middle[1] - 0.9 * size, box.width + 10, 1.8 * size)
        if content.chance(0.3):
            flow.sheet.area(*frame, content.one_of(flow.look.shades))
        flow.sheet.frame(*frame, content.one_of(flow.look.inks) if content.chance(0.3) else None)
    if content.chance(0.5):
        flow.sheet.path([(middle[0] + box.width / 2 + 6, middle[1]), (x + wide, middle[1])])
    if content.chance(0.4):
        flow.sheet.path([(middle[0], middle[1] + size), (middle[0], y + high)])
    draw_line(flow.sheet, middle[0] - box.width / 2, middle[1] + 0.33 * size, [box], 0, "left")


def form(flow: Flow, content: Content) -> None:
    """Fields with names and values in one or two columns, some on a rule."""
    look, faces = flow.look, flow.type
    columns = content.integer(1, 3)
    wide = flow.width / columns
    ruled = content.chance(0.5)
    colon = "：" if content.lang == "zh" else ":"
    flow.space(look.leading)
    for _ in range(content.integer(3, 10)):
        flow.need(1.4 * look.leading)
        flow.y += 1.4 * look.leading
        for k in range(columns):
            x = flow.left + k * wide
            name = faces.box(
                content.title(1, 3) + (colon if content.chance(0.7) else ""), "bold", look.size
            )
            value = content.title(1, 4) if content.chance(0.6) else content.number()
            text = faces.box(value, "roman", look.size)
            start = max(name.width + look.size, 0.3 * wide)
            if start + text.width > wide - 4:
                continue
            draw_line(flow.sheet, x, flow.y - 3, [name], 0, "left")
            if content.chance(0.9):
                draw_line(flow.sheet, x + start, flow.y - 3, [text], 0, "left")
            if ruled:
                flow.sheet.path([(x + start - 4, flow.y), (x + wide - 6, flow.y)])
    flow.space(look.leading)


def front(flow: Flow, content: Content) -> None:
    """The title of a paper or book with its authors, places and a date."""
    look = flow.look
    if flow.column or not flow.fresh:
        flow.next_page()
    align = "center" if content.chance(0.75) else "left"
    flow.y += float(content.rng.uniform(0, 0.15)) * look.height
    flow.columns = 1
    size = look.size * float(content.rng.uniform(1.4, 2.2))
    style = look.heading_style
    flow.paragraph([(content.title(3, 11), style)], size=size, align=align, leading=1.25 * size)
    flow.y += look.leading
    for _ in range(content.integer(1, 4)):
        names = ", ".join(content.title(1, 3) for _ in range(content.integer(1, 3)))
        flow.paragraph([(names, "roman")], align=align, size=1.1 * look.size)
        if content.chance(0.5):
            flow.paragraph([(content.title(2, 7), "italic")], align=align)
    if content.chance(0.6):
        year, month, day = (content.integer(*r) for r in ((1990, 2026), (1, 13), (1, 29)))
        date = f"{year}-{month:02d}-{day:02d}"
        if content.lang == "zh":
            date = f"{year}年{month}月{day}日"
        flow.paragraph([(date, "roman")], align=align)
    flow.y += look.leading
    flow.columns, flow.top = 0, flow.y
    if content.chance(0.5):
        name = ("Abstract", "摘要")[content.lang == "zh"]
        flow.paragraph([(name, "bold")], align="center")
        inset = 2.5 * look.size
        text = content.paragraph()
        if look.columns == 1:
            flow.paragraph([(text, "roman")], size=0.9 * look.size, left=inset, right=inset)
        else:
            flow.paragraph([(text, "roman")], size=0.9 * look.size)
        flow.y += look.leading
