"""Slides with few words: the title of a deck, its outline, the name of a section, the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, Span
from benchmarks.styled_pages.slides.frame import Frame, Section

THANKS = {
    "en": ("Thank you!", "Thanks", "Questions?", "Q & A", "Thank you for your attention",
           "Any questions?", "That’s all. Thank you!", "The end"),
    "zh": ("谢谢", "谢谢！", "谢谢大家", "谢谢大家！", "感谢聆听", "敬请批评指正",
           "请各位老师批评指正", "Q&A", "Thank you!", "谢谢观看"),
}  # fmt: skip
OUTLINES = {
    "en": ("Outline", "Contents", "Agenda", "Overview"),
    "zh": ("目录", "提纲", "大纲", "内容"),
}

MARKS = re.compile(r"^\W+|[^\w)）”’]+$")


def label(content: Content, low: int, high: int) -> str:
    """A title without the punctuation that a phrase may have at its ends."""
    text = MARKS.sub("", content.title(low, high))
    return text[:1].upper() + text[1:] or "X"


def author(content: Content) -> str:
    if content.lang == "en":
        return f"{label(content, 1, 2)} {label(content, 1, 2)}"
    return MARKS.sub("", label(content, 1, 3)[: content.integer(2, 4)]) or "X"


def address(content: Content) -> str:
    return f"{re.sub(r'[^a-z]', '', content.name().lower())}@example.org"


def cover(flow: Flow, content: Content, frame: Frame) -> None:
    """Title, subtitle, author, institute and date."""
    look, theme = flow.look, frame.theme
    align = "center" if content.chance(0.7) else "left"
    boxed = content.chance(0.35)
    size = look.size * float(content.rng.uniform(1.5, 2.2))
    flow.y += float(content.rng.uniform(0.02, 0.15)) * look.height
    top = flow.y
    inset = look.size
    flow.y += 0.6 * look.size
    style, second = ("on bar", "on bar") if boxed else ("accent", "roman")
    flow.paragraph(
        [(frame.title, style)], size=size, align=align, leading=1.25 * size, left=inset, right=inset
    )
    if content.chance(0.45):
        flow.paragraph([(label(content, 2, 9), second)], align=align, left=inset, right=inset)
    flow.y += 0.6 * look.size
    if boxed:
        flow.sheet.area(flow.left, top, flow.width, flow.y - top, theme.bar)
    flow.y += look.leading
    rows: list[list[Span]] = [[(frame.author, "bold" if content.chance(0.3) else "roman")]]
    if content.chance(0.65):
        rows.append([(label(content, 2, 6), "italic" if content.chance(0.3) else "roman")])
    if content.chance(0.3):
        rows.append([(address(content), "mono")])
    if content.chance(0.7):
        rows.append([(date(content), "roman")])
    for row in rows:
        flow.paragraph(row, size=0.9 * look.size, align=align, left=inset, right=inset)
        flow.space(0.4 * look.size)


def outline(flow: Flow, content: Content, frame: Frame, section: int | None = None) -> None:
    """The names of the sections with their parts; those beside the current one are gray."""
    look = flow.look
    numbered = content.chance(0.6)
    with_parts = content.chance(0.5)
    for k, part in enumerate(frame.sections):
        faded = section is not None and k != section
        style = "faded" if faded else "roman"
        sign = f"{k + 1}{'.' if look.dot else ''}" if numbered else look.bullet
        mark = flow.type.box(sign, style if faded else "mark", look.size)
        left = max(1.5 * look.size, mark.width + 0.5 * look.size)
        flow.space(0.5 * look.size)
        flow.paragraph([(part.name, style)], left=left, align="left", mark=Box(mark.runs, left))
        for name in part.parts if with_parts else ():
            flow.paragraph(
                [(name, style)], size=0.85 * look.size, left=left + look.size, align="left"
            )


def divider(flow: Flow, content: Content, frame: Frame, section: int) -> None:
    """The name of the next section, large, with a line of text or without."""
    look = flow.look
    size = 1.6 * look.size
    flow.y += 0.2 * look.height
    if content.chance(0.5):
        number = f"第{section + 1}部分" if content.lang == "zh" else f"Part {section + 1}"
        flow.paragraph([(number, "mark")], align="center")
        flow.space(0.5 * look.size)
    name = [(frame.sections[section].name, "accent")]
    flow.paragraph(name, size=size, leading=1.25 * size, align="center")
    if content.chance(0.6):
        flow.space(look.size)
        flow.paragraph([(content.title(4, 16), "roman")], align="center")


def end(flow: Flow, content: Content, frame: Frame) -> None:
    """Thanks or a question, with an address or without."""
    look = flow.look
    size = look.size * float(content.rng.uniform(1.5, 2.6))
    flow.y += float(content.rng.uniform(0.1, 0.25)) * look.height
    style = "accent" if content.chance(0.6) else "bold"
    flow.paragraph(
        [(content.one_of(THANKS[content.lang]), style)],
        size=size, align="center", leading=1.25 * size,
    )  # fmt: skip
    if content.chance(0.5):
        flow.space(look.size)
        flow.paragraph([(frame.author, "roman")], align="center")
        flow.paragraph([(address(content), "mono")], align="center", size=0.9 * look.size)
    if content.chance(0.3):
        flow.space(look.size)
        flow.paragraph([(content.title(4, 14), "roman")], align="center")


def date(content: Content) -> str:
    year, month, day = (content.integer(*r) for r in ((2005, 2027), (1, 13), (1, 29)))
    if content.lang == "zh" and content.chance(0.8):
        return f"{year}年{month}月{day}日" if content.chance(0.7) else f"{year}年{month}月"
    months = ("January", "February", "March", "April", "May", "June", "July", "August",
              "September", "October", "November", "December")  # fmt: skip
    forms = (f"{year}-{month:02d}-{day:02d}", f"{months[month - 1]} {day}, {year}",
             f"{months[month - 1]} {year}")  # fmt: skip
    return content.one_of(forms)


def sections(content: Content, nested: bool) -> Sequence[Section]:
    """The sections of a deck: short names, some with parts."""
    return [
        Section(
            label(content, 1, 4),
            [label(content, 1, 4) for _ in range(content.integer(0, 4))] if nested else [],
        )
        for _ in range(content.integer(3, 8))
    ]
