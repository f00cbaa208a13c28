"""Tables of contents and indexes: rows of dots up to the numbers of pages."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.styled_pages.blocks.columns import shortened
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, Span, break_lines, draw_line


def leaders(flow: Flow, base: float, x0: float, x1: float, size: float) -> None:
    """Dots between two places, on one grid for all rows."""
    look = flow.look
    dot = flow.type.box(look.leader, "roman", size)
    pitch = max(dot.width, dot.width + look.leader_pitch * size * 0.6)
    k = int(x0 / pitch) + 1
    while k * pitch + dot.width < x1:
        draw_line(flow.sheet, k * pitch, base, [dot], 0, "left")
        k += 1


def contents(flow: Flow, content: Content) -> None:
    look = flow.look
    name = ("Contents", "目录")[content.lang == "zh"]
    if content.chance(0.8):
        flow.paragraph([(name, look.heading_style)], size=1.4 * look.size, align=look.heading_align)
        flow.space(look.leading)
    page, chapter, section, sub = content.integer(1, 30), content.integer(0, 4), 0, 0
    size = look.size
    dense = float(content.rng.uniform(0.85, 1.15))
    for _ in range(content.integer(12, 60)):
        page += content.integer(0, 5)
        level = content.integer(0, 10)
        if level < 2:
            chapter, section, sub = chapter + 1, 0, 0
            number, depth = str(chapter), 0
        elif level < 7 or not section:
            section, sub = section + 1, 0
            number, depth = f"{max(1, chapter)}.{section}", 1
        else:
            sub += 1
            number, depth = f"{max(1, chapter)}.{section}.{sub}", 2
        style = look.heading_style if depth == 0 else "roman"
        indent = (0.0, 1.5, 3.8)[depth] * size
        if depth == 0:
            flow.space(0.5 * size)
        entry(flow, content, number if look.numbered else "", style, indent, str(page),
              dots=depth > 0 or content.chance(0.3), leading=look.leading * dense)  # fmt: skip


def entry(
    flow: Flow, content: Content, number: str, style: str, indent: float, page: str, dots: bool,
    leading: float,
) -> None:  # fmt: skip
    """One row: the number, the title, dots and the page."""
    size, faces = flow.look.size, flow.type
    room = (1.5, 2.3, 3.2)[min(2, number.count("."))] * size if number else 0.0
    spans: list[Span] = [(content.title(1, 8), style)]
    if content.chance(0.15):
        spans.append((" " + content.name(), "mono"))
    right = faces.box(page, style, size)
    text = faces.boxes(spans, size)
    lines = list(break_lines(text, flow.width - indent - room - 2.5 * size))
    for i, line in enumerate(lines):
        mark = faces.box(number if i == 0 else "", style, size)
        row = [Box(mark.runs, room), replace(line[0], glue=0.0), *line[1:]]
        base = flow.line(row, leading, indent)
    end = flow.left + flow.width
    used = sum(box.width for box in lines[-1]) + sum(box.glue for box in lines[-1][1:])
    if dots:
        start = flow.left + indent + room + used + 0.4 * size
        leaders(flow, base, start, end - max(right.width, 1.5 * size) - 0.2 * size, size)
    draw_line(flow.sheet, end - right.width, base, [right], 0, "left")


def index(flow: Flow, content: Content) -> None:
    """Names with their pages in columns, dots or a comma between them."""
    look, faces = flow.look, flow.type
    flow.need(8 * look.leading)
    if flow.column:
        flow.next_page()
    flow.space(look.leading)
    flow.top = flow.y
    flow.columns = 2 if flow.look.width - look.left - look.right < 400 or content.chance(0.7) else 3
    size = look.size * 0.9
    dots = content.chance(0.6)
    letter = content.integer(65, 80)
    for _ in range(content.integer(50, 160)):
        if content.chance(0.06):
            letter = min(90, letter + 1)
            flow.space(size)
            flow.paragraph([(chr(letter), "bold")], size=size, align="center" if dots else "left")
        style = "mono" if content.chance(0.5) else "roman"
        text = content.name() if style == "mono" else content.phrase(1, 4)
        pages = ", ".join(str(content.integer(1, 500)) for _ in range(content.integer(1, 5)))
        indent = 1.5 * size if content.chance(0.2) else 0.0
        if not dots:
            if style == "mono":  # a name is not broken
                text = shortened(flow, text, style, size, flow.width - indent - 2 * size).text
            flow.paragraph([(text, style), (", " + pages, "roman")], size=size, left=indent + size,
                           first=-size, align="left")  # fmt: skip
            continue
        left, right = faces.box(text[:30], style, size), faces.box(pages, "roman", size)
        room = flow.width - indent - 2 * size
        if left.width + right.width > room:
            right = faces.box(pages.split(",")[0], "roman", size)
            left = shortened(flow, text[:30], style, size, room - right.width)
        base = flow.line([left], look.leading * 0.9, indent)
        end = flow.left + flow.width - right.width
        leaders(flow, base, flow.left + indent + left.width + 0.3 * size, end - 0.3 * size, size)
        draw_line(flow.sheet, end, base, [right], 0, "left")
    flow.columns = 0
    flow.next_page()
