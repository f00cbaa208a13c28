"""Running text: paragraphs, headings, lists, descriptions, names in the margin, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, Span, draw_line, joined
from benchmarks.styled_pages.signs import NOTE_MARKS, OPERATORS, RELATIONS

LOGOS = ("TEX", "LATEX", "LATEX2ε")


def spans_of(flow: Flow, content: Content, text: str) -> list[Span]:
    """The text with some names, emphasis and inline mathematics in it."""
    style = content.integer(0, 5)
    rate = (0.0, 0.0, 0.02, 0.05, 0.1)[style]
    if not rate:
        return [(text, "roman")]
    pieces = re.split(r"(?<=[ ,.;，。；、])", text)
    return [span for piece in pieces for span in varied(content, piece, rate)]


def varied(content: Content, piece: str, rate: float) -> Iterator[Span]:
    if not content.chance(rate):
        yield piece, "roman"
        return
    case, space = content.integer(0, 8), " " if content.lang == "en" else ""
    if case == 0:
        yield piece, "italic" if content.chance(0.8) else "caps"
    elif case == 1:
        yield piece, "bold"
    elif case <= 4:
        yield content.name(), "mono"
        if content.chance(0.3):
            yield "{", "mono"
            yield from argument(content)
            yield "}", "mono"
        yield space + piece, "roman"
    elif case == 5:
        yield content.one_of(LOGOS), "logo"
        yield space + piece, "roman"
    else:
        yield from mathematics(content)
        yield space + piece, "roman"


def argument(content: Content) -> Iterator[Span]:
    """The name of an argument, as manuals write it: ⟨name⟩."""
    yield "⟨", "roman"
    yield content.title(1, 3).lower(), "italic"
    yield "⟩", "roman"


def mathematics(content: Content) -> Iterator[Span]:
    letters = "abcdefghijkmnpqrstuvxyzABCDFGHKLMNPRSTXYZαβγδεθλμπρστφωΔΩ"
    for i in range(content.integer(1, 4)):
        if i:
            yield content.one_of(RELATIONS if content.chance(0.5) else OPERATORS), "roman"
        yield content.one_of(letters), "italic"
        if content.chance(0.4):
            yield str(content.integer(0, 10)), "sub" if content.chance(0.6) else "super"


def paragraph(flow: Flow, content: Content) -> None:
    look = flow.look
    flow.space(look.skip)
    spans = spans_of(flow, content, content.paragraph())
    note = content.chance(0.04)
    if note:
        mark = str(content.integer(1, 20)) if content.chance(0.7) else content.one_of(NOTE_MARKS)
        spans.append((mark, "super"))
    flow.paragraph(spans, first=look.indent)
    if note:
        flow.note([(mark, "super"), (" " + content.phrase(4, 18), "roman")])


def heading(flow: Flow, content: Content) -> None:
    look = flow.look
    size = look.size * (look.heading if content.chance(0.6) else 1.0)
    leading = 1.25 * size
    flow.need(4 * leading)
    flow.space(leading * 0.8)
    text = content.title(1, 7)
    if look.numbered:
        number = content.section()
        if content.lang == "zh" and content.chance(0.25):
            number = f"第{content.integer(1, 20)}{'章节'[content.integer(0, 2)]} "
        text = f"{number}{look.dot}  {text}"
    flow.paragraph(
        [(text, look.heading_style)], size=size, align=look.heading_align, leading=leading
    )
    flow.space(0.35 * leading)


def items(flow: Flow, content: Content) -> None:
    """A list with bullets or numbers."""
    look = flow.look
    numbers = ("{}.", "({})", "[{}]", "{})")[content.integer(0, 4)] if content.chance(0.4) else ""
    left = float(content.rng.uniform(1.5, 3.0)) * look.size
    for i in range(content.integer(2, 6)):
        flow.space(look.skip / 2)
        text = content.paragraph() if content.chance(0.4) else content.phrase(3, 15)
        sign = numbers.format(i + 1) if numbers else look.bullet
        mark = flow.type.box(sign, "roman", look.size)
        mark = Box(mark.runs, mark.width + 0.5 * look.size)
        flow.paragraph(spans_of(flow, content, text[:400]), left=left, mark=mark)


def description(flow: Flow, content: Content) -> None:
    """Commands or keys with what they mean: the name first, then the text indented."""
    look = flow.look
    for _ in range(content.integer(1, 4)):
        flow.space(max(look.skip, 0.4 * look.size))
        flow.need(3 * look.leading)
        form = content.integer(0, 3)
        name = content.name()
        spans: list[Span] = [(name, "name")]
        if form == 0:
            for _ in range(content.integer(0, 3)):
                spans += [("{", "mono"), *argument(content), ("}", "mono")]
        elif form == 1:
            spans += [(" = ", "mono"), *argument(content)]
        elif form == 2:
            spans = [(content.title(1, 4), "bold")]
        left = 2 * look.size
        if form == 2:
            spans += [("  ", "roman"), *spans_of(flow, content, content.paragraph()[:300])]
            flow.paragraph(spans, left=left, first=-left)
        else:
            flow.paragraph(spans, align="left")
            flow.paragraph(spans_of(flow, content, content.paragraph()[:400]), left=left)


def side_names(flow: Flow, content: Content) -> None:
    """A paragraph with names in the left margin, right-aligned, as LaTeX packages document
    their commands."""
    look, size = flow.look, flow.look.size * (0.9 if content.chance(0.5) else 1.0)
    flow.space(max(look.skip, 0.5 * look.size))
    names = [content.name() for _ in range(content.integer(1, 5))]
    text = content.paragraph()
    lines = max(2, len(text) // 80)
    flow.need(min(lines, 4) * look.leading)
    base = flow.paragraph(
        spans_of(flow, content, text), first=0.0 if content.chance(0.7) else look.indent
    )
    room = flow.left - 0.03 * look.width - 8
    for i, name in enumerate(names[: max(1, lines)]):
        box = joined(flow.type.boxes([(name, "name")], size))
        if box.width < room and base + i * look.leading < look.height - look.bottom:
            x = flow.left - 8 - box.width
            draw_line(flow.sheet, x, base + i * look.leading, [box], 0, "left")
