"""Lists of references."""

from __future__ import annotations

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, Span


def references(flow: Flow, content: Content) -> None:
    look = flow.look
    name = ("References", "参考文献")[content.lang == "zh"]
    flow.space(look.leading)
    flow.paragraph(
        [(name, look.heading_style)], size=look.heading * look.size, align=look.heading_align
    )
    size = look.size * (0.9 if content.chance(0.6) else 1.0)
    marked = content.chance(0.75)
    comma = ("，", "．") if content.lang == "zh" and content.chance(0.5) else (", ", ". ")
    left = 2.2 * size if marked else 1.5 * size
    for i in range(content.integer(5, 24)):
        authors = comma[0].join(
            f"{chr(65 + content.integer(0, 26))}. {content.title(1, 2)}"
            if content.lang == "en" or content.chance(0.4)
            else content.phrase(1, 2)[:3]
            for _ in range(content.integer(1, 5))
        )
        spans: list[Span] = [
            (f"{authors}{comma[1]}{content.title(3, 11)}{comma[1]}", "roman"),
            (content.title(2, 6), "italic"),
            (f"{comma[0]}{content.integer(1, 99)}({content.integer(1, 12)}):"
             f"{content.integer(1, 900)}–{content.integer(900, 1800)}{comma[0]}"
             f"{content.integer(1950, 2026)}.", "roman"),
        ]  # fmt: skip
        mark = flow.type.box(f"[{i + 1}]", "roman", size)
        mark = Box(mark.runs, left)
        flow.paragraph(spans, size=size, left=left, first=0.0 if marked else -left,
                       mark=mark if marked else None)  # fmt: skip
        flow.space(look.skip / 2)
