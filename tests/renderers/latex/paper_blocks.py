"""One block of each kind that only papers have, for tests of templates and pages."""

from __future__ import annotations

import numpy as np

from renderers.figures.image import FigureImage
from renderers.latex.blocks import (
    Block,
    Figure,
    Heading,
    Inline,
    Panel,
    Paragraph,
    Program,
    ProgramLine,
    Reference,
    Text,
)
from renderers.picture import encode


def image(color: tuple[int, int, int], width: int = 120, height: int = 60) -> FigureImage:
    pixels = np.full((height, width, 3), color, np.uint8)
    return FigureImage(encode(pixels), "png", width, height, len(set(color)) > 1)


def title_block(lang: str) -> tuple[Block, ...]:
    name, place = ("张三，李四", "北方大学") if lang == "zh" else ("Ann One, Bea Two", "Uni A")
    words = "我们测量了一个环。" * 8 if lang == "zh" else "We measure the time of a ring. " * 6
    return (
        Heading(0, (Text("弱耦合振子" if lang == "zh" else "Weakly coupled oscillators"),)),
        Paragraph((Text(name),), role="author"),
        Paragraph((Text(place),), role="affiliation"),
        Heading(1, (Text("摘要" if lang == "zh" else "Abstract"),)),
        Paragraph((Text(words),), role="abstract"),
        Paragraph((Text("环" if lang == "zh" else "ring"),), "Key:", role="keywords"),
    )


def paper_blocks(lang: str) -> tuple[Block, ...]:
    words = "图和程序" if lang == "zh" else "Figures and programs"
    panels = (Panel(image((200, 30, 30)), 0.4, (Text(words),), "(a)"), Panel(image((9, 9, 9)), 0.4))
    return (
        Paragraph((Text(words),), "Theorem 1.", style="plain"),
        Paragraph((Text(words),), "Proof.", style="proof", ends_proof=True),
        Paragraph(
            (Text(words, color=(0, 0, 200)), Text(" and "), Text("underlined", underline=True))
        ),
        Figure(panels, (Text(words),), "Fig. 1", wide=True),
        Figure(panels[:1], floating=False),
        Program("code", (ProgramLine((Text("if  x < 1:", mono=True),)),)),
        Program(
            "algorithm",
            (
                ProgramLine((Text("for", bold=True), Text(" "), Inline("i=1")), 0, "1:"),
                ProgramLine((Text("go on"),), 1, "2:"),
            ),
            (Text(words),),
            "Algorithm 1",
        ),
        Reference((Text("A. Author. "), Text("A Journal", italic=True), Text(", 2020.")), "[1]"),
    )
