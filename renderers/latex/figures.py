"""Figures: their layout, LaTeX and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from renderers.figures.image import FigureImage
from renderers.latex.atoms import Path
from renderers.latex.blocks import Block, Figure, ListBlock, Panel, Span

MARK = "![](figure)"
"""In Markdown, where a figure is, on demand."""
_FULL = 0.99
"""Pictures of a row take this part of the width together at most."""


class LatexSpans(Protocol):
    """Writes spans as LaTeX with their color tags."""

    def spans(self, spans: Sequence[Span], path: Path) -> str:
        """The source; `path` is that of the spans in the document, which their tags refer to."""
        ...


class MarkdownSpans(Protocol):
    """Writes spans as Markdown."""

    def spans(self, spans: Sequence[Span]) -> str: ...


def path_key(path: Path) -> str:
    """A path as one word, which `marks.read_marks` reads again."""
    return "/".join(map(str, path))


def files(blocks: Sequence[Block | None]) -> dict[str, FigureImage]:
    """The pictures of a document by the name under which TeX finds them."""
    images: dict[int, FigureImage] = {}
    for image in _images(blocks):
        images.setdefault(id(image), image)
    suffixes = {"png": "png", "jpeg": "jpg"}
    return {f"f{n}.{suffixes[image.format]}": image for n, image in enumerate(images.values())}


def colored(blocks: Sequence[Block]) -> bool:
    """Whether a picture has other colors than gray."""
    return any(image.colored for image in _images(blocks))


def _images(blocks: Sequence[Block | None]) -> Iterator[FigureImage]:
    for block in blocks:
        if isinstance(block, Figure):
            yield from (panel.image for panel in block.panels)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from _images(item)


def rows(panels: Sequence[Panel]) -> list[list[int]]:
    """Indices of the panels of each row: as many as fit side by side."""
    found: list[list[int]] = []
    used = 0.0
    for index, panel in enumerate(panels):
        if not found or used + panel.width > _FULL + 0.01:
            found.append([])
            used = 0.0
        found[-1].append(index)
        used += panel.width
    return found


def latex(figure: Figure, path: Path, writer: LatexSpans, names: Mapping[int, str]) -> str:
    """The pictures in rows with their captions; `names` are the files of pictures by `id`."""
    parts = {part.steps: part.spans for part in figure.parts()}
    layout = rows(figure.panels)
    lines: list[str] = []
    for row in layout:
        cells = []
        scale = min(1.0, _FULL / sum(figure.panels[i].width for i in row))
        for i in row:
            panel = figure.panels[i]
            steps = ("panel", i)
            caption = writer.spans(parts[steps], (*path, *steps))
            aspect = panel.image.height / panel.image.width
            arguments = (
                *(path_key(path), names[id(panel.image)], f"{panel.width * scale:.3f}"),
                *(f"{aspect:.5f}", f"{1 / aspect:.5f}", len(layout), caption),
            )
            cells.append(r"\vpanel" + "".join(f"{{{one}}}" for one in arguments))
        lines.append(r"\leavevmode" + "\\hfil\n".join(cells) + r"\vpanelrow")
    caption = writer.spans(parts["caption",], (*path, "caption"))
    drawn = "\n".join([r"{\centering\parindent=0pt", *lines, "}%"])
    return drawn + (f"\n\\vcaption{{}}{{{caption}}}" if caption else "")


def markdown(figure: Figure, writer: MarkdownSpans, marked: bool) -> str:
    """Captions of the parts in one paragraph, then the caption."""
    *panels, caption = (writer.spans(part.spans) for part in figure.parts())
    parts = [MARK if marked else "", " ".join(filter(None, panels)), caption]
    return "\n\n".join(part for part in parts if part)
