"""Find which part of a document is on which page, and verify that the page shows it."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pymupdf

from renderers.latex import formula_letters, mmd, placed
from renderers.latex.alignment import Alignment, align, shown_part
from renderers.latex.atoms import FURNITURE, Atom, Path
from renderers.latex.blocks import Block
from renderers.latex.colored import is_colored
from renderers.latex.formula_table import FormulaTable
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.marks import read_marks
from renderers.latex.page_parts import shown_blocks, shown_footnotes
from renderers.latex.regions import ShownAtom, page_regions
from renderers.latex.style import PageStyle
from renderers.latex.text_style import style_problem
from renderers.latex.typeset import TypesetDocument
from renderers.picture import Box, Picture, Pixels

_MAX_SHOWN = 60
"""Characters of a text in the detail of a rejection."""

reader: Any = pymupdf
"""PyMuPDF has no type information."""


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """A page that shows exactly the content of its Markdown. `number` counts from 1.

    `places` are the indices, in their document, of the blocks that are on the page.
    """

    number: int
    picture: Picture
    markdown: str
    blocks: tuple[Block, ...]
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PartRejection:
    """A page or block that is left out; `reason` is a short fixed word.

    `number` counts pages from 1, or is the index of a block in its document.
    """

    part: Literal["page", "block"]
    number: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class _ShownPart:
    """The part of an atom on one page: its text, and the glyphs that begin a word."""

    text: str
    words: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _LocatedAtom:
    """An atom with its parts by page."""

    atom: Atom
    parts: dict[int, _ShownPart]
    problem: tuple[str, str] | None = None


def verified_pages(
    typeset_document: TypesetDocument,
    style: PageStyle,
    formulas: FormulaTable,
    long_side: int,
    figure_marks: bool = False,
) -> Iterator[VerifiedPage | PartRejection]:
    """Every page of a typeset document, with its long side at `long_side` pixels, or rejected.

    A page is rejected when one of its atoms is not drawn letter by letter (`letters`,
    `formula-letters`), in another style (`text-style`, `formula-style`), is missing (`lost`), is
    split although it must not be (`split`), when the page shows a glyph that belongs to no atom
    (`stray`), or a figure that is not as TeX recorded it (`figure`).
    """
    with reader.open(typeset_document.run.pdf) as document:
        page_glyphs = typeset_document.page_glyphs
        found = _find_all(_numbered_marks(typeset_document.source.atoms), page_glyphs, formulas)
        marks = read_marks(typeset_document.run.marks)
        bad = _problems(found, page_glyphs)
        blocks = typeset_document.blocks
        if any(True for _ in placed.figures(blocks)):
            texts = _pages_of_blocks(found)
            for k, problem in placed.problems(blocks, texts, marks, page_glyphs, document):
                bad.setdefault(k, problem)
        note_numbers = _note_numbers(typeset_document.source.atoms)
        first_note = 1
        colored_blocks = {i for i, block in enumerate(blocks) if is_colored(block)}
        on: list[list[_LocatedAtom]] = [[] for _ in page_glyphs]
        for f in found:
            for k in f.parts:
                on[k].append(f)
        for k, (glyphs, here) in enumerate(zip(page_glyphs, on, strict=True)):
            marked = sum(f.atom.path[-1] == "mark" for f in here)
            if k in bad:
                yield PartRejection("page", k + 1, *bad[k])
            elif here:
                boxes = placed.boxes_on(marks, k + 1, glyphs.height)
                shown_here = {int(f.atom.path[0]) for f in here} | {int(p[0]) for p in boxes}
                color = style.colored or not colored_blocks.isdisjoint(shown_here)
                drawing = rasterize(document[k], long_side, color)
                numbers = (note_numbers, first_note)
                yield _page(k, glyphs, blocks, here, boxes, drawing, style, numbers, figure_marks)
            first_note += marked


def rasterize(page: Any, long_side: int, color: bool) -> tuple[Pixels, float]:
    """Pixels of a page, and the number of pixels per point."""
    scale = long_side / max(page.rect.width, page.rect.height)
    space = pymupdf.csRGB if color else pymupdf.csGRAY
    pixmap = page.get_pixmap(matrix=reader.Matrix(scale, scale), colorspace=space, alpha=False)
    pixels = np.frombuffer(pixmap.samples_mv, np.uint8)
    shape = (pixmap.height, pixmap.width, 3) if color else (pixmap.height, pixmap.width)
    return pixels.reshape(shape).copy(), scale


def _page(
    k: int,
    glyphs: PageGlyphs,
    blocks: Sequence[Block],
    here: Sequence[_LocatedAtom],
    boxes: Mapping[Path, Box],
    drawing: tuple[Pixels, float],
    style: PageStyle,
    notes: tuple[dict[Path, int], int],
    figure_marks: bool,
) -> VerifiedPage:
    """`notes` holds the numbers of all footnotes, and the number of the first one marked here."""
    shown = {f.atom.path: f.parts[k].text for f in here}
    position = {number: i for i, number in enumerate(glyphs.runs)}
    here = sorted(here, key=lambda f: position[f.atom.number])
    order = list(dict.fromkeys(int(f.atom.path[0]) for f in here if not _in_note(f.atom.path)))
    for path in boxes:  # figures without any text
        if int(path[0]) not in order:
            bisect.insort(order, int(path[0]))
    shown |= dict.fromkeys(boxes, "")
    parts = tuple(part for i in order for part in shown_blocks(blocks[i], (i,), shown))
    markdown = mmd.write(
        parts,
        shown_footnotes(blocks, shown, notes[0]),
        first_note=notes[1],
        caption_above=style.caption_above,
        figure_marks=figure_marks,
    )
    pixels, scale = drawing
    atoms = [ShownAtom(f.atom, f.parts[k].words) for f in here]
    regions = page_regions(glyphs, blocks, atoms, boxes, pixels, scale)
    picture = Picture(pixels, tuple(regions))
    return VerifiedPage(k + 1, picture, markdown, parts, tuple(order))


def _pages_of_blocks(found: Sequence[_LocatedAtom]) -> dict[Path, set[int]]:
    """The pages with text of each block, also of those in lists."""
    pages: dict[Path, set[int]] = {}
    for f in found:
        for at in range(1, len(f.atom.path)):
            pages.setdefault(f.atom.path[:at], set()).update(f.parts)
    return pages


_Place = tuple[int, int, int]
"""A page, and the range of an atom's glyphs on it."""


def _find_all(
    atoms: Sequence[Atom], page_glyphs: Sequence[PageGlyphs], formulas: FormulaTable
) -> list[_LocatedAtom]:
    places: dict[int, list[_Place]] = {}
    for k, glyphs in enumerate(page_glyphs):
        for number, (start, end) in glyphs.runs.items():
            places.setdefault(number, []).append((k, start, end))
    return [_find(atom, places.get(atom.number, ()), page_glyphs, formulas) for atom in atoms]


def _find(
    atom: Atom,
    places: Sequence[_Place],
    page_glyphs: Sequence[PageGlyphs],
    formulas: FormulaTable,
) -> _LocatedAtom:
    if not places:
        return _LocatedAtom(atom, {}, ("lost", f"{_short(atom.text)} was not drawn"))
    chars = [char for k, start, end in places for char in page_glyphs[k].chars[start:end]]
    parts = {k: _ShownPart(atom.text) for k, _, _ in places}
    problem = None
    if atom.kind == "math":
        fonts = [font for k, start, end in places for font in page_glyphs[k].fonts[start:end]]
        wrong = formula_letters.problem(
            atom.text, chars, fonts, formulas, styled=atom.style is not None
        )
        problem = wrong and (wrong[0], f"{_short(atom.text)}: {wrong[1]}")
    elif atom.kind != "bullet":
        aligned = align(atom.text, chars, lambda i: _ends_line(places, page_glyphs, i))
        if aligned is None:
            problem = ("letters", f"{_short(atom.text)} is drawn as {_short(''.join(chars))}")
        elif len(places) == 1:
            k, start, _ = places[0]
            parts[k] = _ShownPart(atom.text, [start + word for word in aligned.words])
        else:
            parts = _split(atom.text, chars, aligned, places)
    if problem is None and atom.kind in ("text", "mono"):
        styles = (style_problem(atom, page_glyphs[k], a, b) for k, a, b in places)
        if wrong := next(filter(None, styles), None):
            problem = (wrong[0], f"{_short(atom.text)}: {wrong[1]}")
    if problem is None and len(places) > 1 and atom.kind not in ("text", "mono"):
        problem = ("split", f"{_short(atom.text)} is split over two pages")
    return _LocatedAtom(atom, parts, problem)


def _ends_line(places: Sequence[_Place], page_glyphs: Sequence[PageGlyphs], i: int) -> bool:
    """Whether the line ends after glyph i of an atom, which is not the last."""
    for k, start, end in places:
        if i < end - start - 1:
            return page_glyphs[k].ends_line(start + i)
        i -= end - start
    return True


def _split(
    text: str, chars: Sequence[str], aligned: Alignment, places: Sequence[_Place]
) -> dict[int, _ShownPart]:
    """The parts of an aligned text that continues on the next page."""
    parts = {}
    at = 0
    for k, start, end in places:
        upto = at + end - start
        words = [start + word - at for word in aligned.words if at <= word < upto]
        parts[k] = _ShownPart(shown_part(text, chars, aligned.soft, at, upto), words)
        at = upto
    return parts


def _problems(
    found: Sequence[_LocatedAtom], page_glyphs: Sequence[PageGlyphs]
) -> dict[int, tuple[str, str]]:
    """The first problem of each page. A missing atom counts for the pages around it."""
    bad: dict[int, tuple[str, str]] = {}
    last = 0
    for i, f in enumerate(found):
        if f.parts:
            last = max(f.parts)
        if f.problem is None:
            continue
        pages = set(f.parts) or {last} | next(
            ({min(g.parts)} for g in found[i + 1 :] if g.parts), {last}
        )
        for k in pages:
            bad.setdefault(k, f.problem)
    known = {f.atom.number for f in found} | FURNITURE.keys()
    for k, glyphs in enumerate(page_glyphs):
        for number in glyphs.runs:
            if number not in known:
                bad.setdefault(k, ("stray", f"{_short(glyphs.text(number))} belongs to no block"))
    _spoil_split_blocks(found, bad)
    return bad


def _spoil_split_blocks(found: Sequence[_LocatedAtom], bad: dict[int, tuple[str, str]]) -> None:
    """Adds a problem for tables and display formulas that are not on one page."""
    pages: dict[Path, set[int]] = {}
    for f in found:
        for step in ("row", "cell"):
            if step in f.atom.path:
                whole = f.atom.path[: f.atom.path.index(step)]
                pages.setdefault(whole, set()).update(f.parts)
    for path, on in pages.items():
        if len(on) > 1:
            for k in on:
                bad.setdefault(k, ("split", f"block {path[0]} is split over two pages"))


def _numbered_marks(atoms: Sequence[Atom]) -> list[Atom]:
    """Atoms, footnote marks with their number, which counts through the document."""
    numbered = []
    count = 0
    for atom in atoms:
        if atom.kind == "mark":
            count += atom.path[-1] == "mark"
            atom = Atom(atom.number, atom.path, atom.kind, str(count))
        numbered.append(atom)
    return numbered


def _note_numbers(atoms: Sequence[Atom]) -> dict[Path, int]:
    paths = [atom.path[:-1] for atom in atoms if atom.path[-1] == "mark"]
    return {path: number for number, path in enumerate(paths, 1)}


def _in_note(path: Path) -> bool:
    return "note" in path or path[-1] == "foot"


def _short(text: str) -> str:
    return repr(text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "…")
