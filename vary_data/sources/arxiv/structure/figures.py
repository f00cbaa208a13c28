"""Read the pictures of figures: `\\includegraphics` and its predecessors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.nodes import FigureNode, PanelNode

PICTURE_COMMANDS = "includegraphics|epsfig|psfig|epsfbox|epsffile|plotone|plottwo"
ONLY_PICTURES = re.compile(
    r"(?:\\centering\b|\\noindent\b|\\(?:h|v)space\*?\{[^{}]*\}|\\(?:quad|qquad|hfill|par)\b|\\\\|[~%\s]"
    r"|\\includegraphics\*?(?:\s*\[[^\[\]]*\]){0,2}\s*\{[^{}]*\})*"
)
"""A paragraph that consists of pictures."""
_PICTURE = re.compile(rf"\\({PICTURE_COMMANDS})(?![A-Za-z@])")
_WIDTH = re.compile(
    r"(?:^|[,\s])width\s*=\s*([\d.]*)\s*\\?(textwidth|linewidth|columnwidth|hsize|pt|cm|mm|in|bp)"
)
_FILE = re.compile(r"(?:^|,)\s*(?:file|figure)\s*=\s*\{?([^,{}]*)")
_POINTS = {"pt": 1.0, "bp": 1.0, "cm": 28.45, "mm": 2.845, "in": 72.27}
_TEXT_WIDTH_PT = 400.0
"""A usual width of text, to turn absolute widths into parts of it."""
_LEAST, _MOST = 0.1, 1.0
"""Bounds of the width of a picture, in parts of the width of its text."""


def read_picture(name: str, source: str, position: int) -> tuple[list[PanelNode], int]:
    """The pictures of a command that ends before `position`, and the position after it.

    Raises:
        Rejected: an argument that is not complete.
    """
    position += source.startswith("*", position)
    options = ""
    for _ in range(2):
        found, position = read_optional(source, position)
        options = found or options
    argument, position = read_argument(source, position)
    if name in ("epsfig", "psfig"):
        file = _FILE.search(argument)
        return [PanelNode(file.group(1).strip() if file else "", width_of(argument))], position
    panels = [PanelNode(argument.strip(), width_of(options))]
    if name == "plottwo":
        second, position = read_argument(source, position)
        panels = [PanelNode(argument.strip(), 0.48), PanelNode(second.strip(), 0.48)]
    return panels, position


def pictures_of(paragraph: str) -> Iterator[PanelNode]:
    """The pictures of a paragraph that consists of them."""
    for match in _PICTURE.finditer(paragraph):
        yield from read_picture(match.group(1), paragraph, match.end())[0]


def width_of(options: str) -> float | None:
    """The width that options ask for, in parts of the width of the text."""
    match = _WIDTH.search(options)
    if not match:
        return None
    number, unit = match.groups()
    try:
        value = float(number or 1)
    except ValueError:
        return None
    return _bounded(value * _POINTS[unit] / _TEXT_WIDTH_PT if unit in _POINTS else value)


def argument_width(argument: str) -> float | None:
    """The width in the argument of a `subfigure` or `minipage`."""
    return width_of(f"width={argument}")


def figure_nodes(
    panels: list[PanelNode], captions: list[tuple[str, str]], places: list[int], wide: bool
) -> list[FigureNode]:
    """The figures of a float: pictures between two captions belong to one of them.

    `places` are the numbers of pictures before each caption.
    """
    if len(captions) < 2:
        number, caption = captions[0] if captions else ("", "")
        return [FigureNode(panels, caption, number, wide)]
    above = places[0] == 0
    ends = [*places[1:], len(panels)] if above else [*places[:-1], len(panels)]
    starts = [0, *ends[:-1]]
    return [
        FigureNode(panels[start:end], caption, number, wide)
        for start, end, (number, caption) in zip(starts, ends, captions, strict=True)
    ]


def usual_widths(widths: Sequence[float | None]) -> list[float]:
    """The width of each picture: as the source asks, else as many as are usual in a row."""
    in_row = min(len(widths), 3 if len(widths) != 4 else 2)
    usual = 0.75 if in_row == 1 else 0.99 / in_row
    found = [usual if width is None else width for width in widths]
    if len(widths) > 1 and min(found) > 0.9:  # in boxes whose width is not known
        return [usual] * len(widths)
    return found


def _bounded(width: float) -> float:
    return max(_LEAST, min(width, _MOST))
