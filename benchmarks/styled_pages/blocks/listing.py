"""Program listings: rows of a fixed-width face with numbers, shades, frames and colors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, Span, draw_line, fitting_in
from benchmarks.styled_pages.look import NUMBER_INKS
from benchmarks.styled_pages.sheet import Run

KEYWORDS = re.compile(
    r"\b(?:def|class|return|if|else|elif|for|while|import|from|in|not|and|or|local|function|end|"
    r"then|do|begin|sub|my|our|use|int|char|void|const|struct|extern|typedef|set|endif|foreach)\b"
    r"|\\(?:begin|end|def|let|newcommand|renewcommand|documentclass|usepackage|section)\b"
)
COMMENT = re.compile(r"(?<![\\\w])[%#] ?.*$|//.*$|/\*.*$")


def listing(flow: Flow, content: Content, rows: int = 0) -> None:
    """A listing of up to `rows` rows, or of some."""
    look, code = flow.look, flow.look.code
    size = code.size * look.size
    leading = code.leading * size * 1.1
    pitch = (flow.type.latin["mono"].width("m") or 0.5) * size
    left = code.indent * look.size
    number_room = 3.2 * code.number_size * size if code.numbers == "inside" else 0.0
    most = max(20, int((flow.width - left - number_room) / pitch))
    lines = list(wrapped(content.piece(), most, rows or content.integer(2, 28)))
    flow.space(0.5 * leading)
    start = content.row if code.running else 1
    content.row += sum(counts > 0 for _, counts in lines)
    flow.need(min(len(lines), 3) * leading)
    edges: list[tuple[float, float]] = []  # of the part on each column
    for i, (row, counts) in enumerate(lines):
        flow.need(leading)
        top = flow.y
        if code.shade is not None:
            flow.sheet.area(
                flow.left + left - 3, top, flow.width - left + 6, leading + 0.3, code.shade
            )
        spans = list(colored(row)) if code.colored else [(row, "mono")]
        box = fixed(flow, spans, size, pitch)
        base = flow.line([box], leading, left + number_room)
        if code.numbers != "none" and counts and (start + counts - 1) % code.step == 0:
            draw_number(flow, start + counts - 1, base, left + number_room, size)
        new_part = not edges or flow.y < edges[-1][1]
        edges = [*edges, (top, flow.y)] if new_part else [*edges[:-1], (edges[-1][0], flow.y)]
        if i == len(lines) - 1 and len(edges) == 1:
            draw_frame(flow, edges[0], left)
    flow.space(0.5 * leading)


def wrapped(piece: list[str], most: int, rows: int) -> Iterator[tuple[str, int]]:
    """Rows of at most `most` places; the number of the line with its first row, else 0."""
    given = 0
    for count, line in enumerate(piece, 1):
        first = True
        while given < rows:
            given += 1
            end = fitting_in(line, most)
            yield line[:end], count if first else 0
            line, first = line[end:], False
            if not line:
                break
            line = "    " + line
        if given >= rows:
            return


def colored(row: str) -> Iterator[Span]:
    """Keywords and comments in their own styles."""
    found = COMMENT.search(row)
    code, comment = (row[: found.start()], found[0]) if found else (row, "")
    at = 0
    for match in KEYWORDS.finditer(code):
        yield code[at : match.start()], "mono"
        yield match[0], "keyword"
        at = match.end()
    yield code[at:], "mono"
    yield comment, "comment"


def fixed(flow: Flow, spans: list[Span], size: float, pitch: float) -> Box:
    """A row whose characters stand on a grid; a Chinese one takes two places."""
    runs: list[Run] = []
    x = 0.0
    for text, style in spans:
        for word in re.findall(r" +|[\u2e80-\uffef]|[^ \u2e80-\uffef]+", text):
            if word[0] != " ":
                runs += (replace(run, x=run.x + x) for run in flow.type.runs(word, style, size))
            x += len(word) * pitch * (2 if word[0] >= "\u2e80" else 1)
    return Box(tuple(runs), x)


def draw_number(flow: Flow, number: int, base: float, left: float, size: float) -> None:
    code = flow.look.code
    small = code.number_size * size
    box = flow.type.box(str(number), code.number_style, small)
    ink = NUMBER_INKS[int(code.size * 100 + code.step) % len(NUMBER_INKS)]
    box = Box(tuple(replace(run, ink=ink) for run in box.runs), box.width)
    x = flow.left + left - 0.6 * size - box.width
    if code.numbers == "left":
        x -= flow.look.code.indent * flow.look.size
    draw_line(flow.sheet, max(4.0, x), base, [box], 0, "left")


def draw_frame(flow: Flow, edge: tuple[float, float], left: float) -> None:
    frame, (top, low) = flow.look.code.frame, edge
    x0, x1 = flow.left + left - 3, flow.left + flow.width + 3
    if frame == "all":
        flow.sheet.frame(x0, top - 1, x1 - x0, low - top + 3)
    elif frame == "rules":
        flow.sheet.path([(x0, top - 1), (x1, top - 1)])
        flow.sheet.path([(x0, low + 2), (x1, low + 2)])
    elif frame == "left":
        flow.sheet.path([(x0, top), (x0, low)], (0.3, 0.4, 0.7), 1.5)


def long_listing(flow: Flow, content: Content) -> None:
    for _ in range(content.integer(1, 4)):
        listing(flow, content, content.integer(10, 50))
