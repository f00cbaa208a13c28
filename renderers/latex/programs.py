"""Programs and pseudo-code: their LaTeX, their Markdown, and the part of one on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from renderers.latex.atoms import Path
from renderers.latex.blocks import Program, ProgramLine, Text
from renderers.latex.figures import LatexSpans, MarkdownSpans

_INDENT = 2
"""Spaces of one level of indentation in the Markdown of pseudo-code."""
_LINE_START = re.compile(r"^(#{1,6} |[-+>](?= )|=+$|-{3,}$)")


class LatexCode(LatexSpans, Protocol):
    """Writes text with its white space, too."""

    def code(self, text: str, path: Path) -> str:
        """The source; `path` is that of the text in the document."""
        ...


def code_latex(program: Program, path: Path, writer: LatexCode) -> str:
    """Lines in boxes: the type is as small as the widest of them needs."""
    lines = []
    for i, line in enumerate(program.lines):
        content = "".join(
            writer.code(span.text, (*path, "line", i, k))
            for k, span in enumerate(line.spans)
            if isinstance(span, Text)
        )
        lines.append(rf"\vcodeline{{{content}}}%")
    body = "\n".join(lines)
    caption = _caption(program, path, writer)
    above = rf"\vcaption{{}}{{{caption}}}" + "\n" if caption else ""
    return f"{above}\\vcode{{%\n{body}\n}}"


def algorithm_latex(program: Program, path: Path, writer: LatexSpans) -> str:
    """A caption and steps between rules."""
    lines = []
    for i, line in enumerate(program.lines):
        number = writer.spans((Text(line.number),), (*path, "line", i, "ordinal"))
        content = writer.spans(line.spans, (*path, "line", i))
        lines.append(rf"\vstep{{{line.indent}}}{{{number if line.number else ''}}}{{{content}}}%")
    caption = _caption(program, path, writer)
    body = "\n".join(lines)
    return f"\\valgorithm{{{caption}}}{{%\n{body}\n}}"


def _caption(program: Program, path: Path, writer: LatexSpans) -> str:
    spans = next(part.spans for part in program.parts() if part.role == "caption")
    return writer.spans(spans, (*path, "caption"))


def markdown(program: Program, writer: MarkdownSpans) -> str:
    """Code in a fence; of pseudo-code, one line a step."""
    caption = next(part.spans for part in program.parts() if part.role == "caption")
    parts = [writer.spans(caption)]
    if program.kind == "code":
        text = "\n".join(plain(line) for line in program.lines)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        parts.append(f"{fence}\n{text}\n{fence}" if program.lines else "")
    else:
        parts.append("\n".join(_step(line, writer) for line in program.lines))
    return "\n\n".join(part for part in parts if part)


def plain(line: ProgramLine) -> str:
    """The text of a line of code."""
    return "".join(span.text for span in line.spans if isinstance(span, Text)).rstrip()


def _step(line: ProgramLine, writer: MarkdownSpans) -> str:
    indent = " " * (_INDENT * line.indent)
    content = writer.spans(line.spans)
    if line.number:
        return f"{line.number} {indent}{content}"
    return indent + (f"\\{content}" if _LINE_START.match(content) else content)


def shown(program: Program, path: Path, texts: Mapping[Path, str]) -> Program | None:
    """The lines on a page, empty ones between them included; None if there are none."""
    here = [
        i
        for i in range(len(program.lines))
        if any(p[: len(path) + 2] == (*path, "line", i) for p in texts)
    ]
    with_caption = any(p[: len(path) + 1] == (*path, "caption") for p in texts)
    if not here and not with_caption:
        return None
    lines = program.lines[here[0] : here[-1] + 1] if here else ()
    return replace(program, lines=lines, caption=program.caption if with_caption else ())
