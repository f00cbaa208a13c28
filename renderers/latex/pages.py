"""Which part of a document is on which page, where, and whether the page really shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf

from renderers.latex import formula_letters, glyphs, mmd
from renderers.latex.atoms import FURNITURE, Atom, Path
from renderers.latex.blocks import Block
from renderers.latex.cut import cut
from renderers.latex.cut import notes as page_notes
from renderers.latex.glyphs import Glyph, Sheet
from renderers.latex.marks import Mark, read_marks
from renderers.latex.regions import Placed, Shown, furniture_regions, page_regions
from renderers.latex.style import Style
from renderers.latex.typeset import Setting
from renderers.picture import Picture, Pixels, Region
from renderers.quiet import no_cycle_collection

reader: Any = pymupdf
"""PyMuPDF has no type information."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that shows exactly what its Markdown says. `number` counts from 1."""

    number: int
    picture: Picture
    markdown: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A page whose glyphs disagree with the document; `reason` is a short fixed word."""

    number: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Found:
    """An atom on the pages: `places[k]` are the glyphs on sheet k with their part of the text."""

    atom: Atom
    places: dict[int, list[Placed]]
    problem: tuple[str, str] | None = None


def verified_pages(setting: Setting, style: Style, long_side: int) -> Iterator[Page | Refused]:
    """Every page of a setting, drawn with its long side at `long_side` pixels, or refused.

    A page is refused when one of its atoms is not drawn letter by letter (`letters`,
    `formula-letters`), is missing (`lost`), is cut where nothing may be cut (`split`), or when
    the page shows a glyph that belongs to nothing (`stray`).
    """
    with reader.open(setting.run.pdf) as document:
        sheets = setting.sheets
        with no_cycle_collection():
            found = [_find(atom, sheets) for atom in _numbered_marks(setting.source.atoms)]
        marks = read_marks(setting.run.marks)
        bad = _problems(found, sheets)
        note_numbers = _note_numbers(setting.source.atoms)
        first_note = 1
        for k, sheet in enumerate(sheets):
            here = [f for f in found if k in f.places]
            marked = sum(f.atom.path[-1] == "mark" for f in here)
            if k in bad:
                yield Refused(k + 1, *bad[k])
            elif here:
                drawing = rasterise(document[k], long_side, style.coloured)
                numbers = (note_numbers, first_note)
                with no_cycle_collection():
                    page = _page(k, sheet, setting.blocks, here, marks, drawing, style, numbers)
                yield page
            first_note += marked


def rasterise(page: Any, long_side: int, colour: bool) -> tuple[Pixels, float]:
    """Pixels of a page and how many of them a point has."""
    scale = long_side / max(page.rect.width, page.rect.height)
    space = pymupdf.csRGB if colour else pymupdf.csGRAY
    pixmap = page.get_pixmap(matrix=reader.Matrix(scale, scale), colorspace=space, alpha=False)
    pixels = np.frombuffer(pixmap.samples_mv, np.uint8)
    shape = (pixmap.height, pixmap.width, 3) if colour else (pixmap.height, pixmap.width)
    return pixels.reshape(shape).copy(), scale


def _page(
    k: int,
    sheet: Sheet,
    blocks: Sequence[Block],
    here: Sequence[_Found],
    marks: Sequence[Mark],
    drawing: tuple[Pixels, float],
    style: Style,
    notes: tuple[dict[Path, int], int],
) -> Page:
    """`notes` are the numbers of all footnotes, and that of the first one marked here."""
    shown = {f.atom.path: _shown(f, k) for f in here}
    position = {number: i for i, number in enumerate(sheet.runs)}
    here = sorted(here, key=lambda f: position[f.atom.number])
    order = dict.fromkeys(int(f.atom.path[0]) for f in here if not _in_note(f.atom.path))
    parts = tuple(part for i in order for part in cut(blocks[i], (i,), shown))
    markdown = mmd.write(
        parts,
        page_notes(blocks, shown, notes[0]),
        first_note=notes[1],
        caption_above=style.caption_above,
    )
    pixels, scale = drawing
    boxes = {m.block: m.box(sheet.height) for m in marks if m.page == k + 1}
    atoms = [Shown(f.atom, f.places[k]) for f in here]
    regions: list[Region] = page_regions(blocks, atoms, boxes, pixels, scale)
    for number, role in FURNITURE.items():
        regions += furniture_regions(sheet.runs.get(number, ()), role, scale)
    return Page(k + 1, Picture(pixels, tuple(regions)), markdown, parts)


def _find(atom: Atom, sheets: Sequence[Sheet]) -> _Found:
    on = [
        (k, sheet.runs[atom.number]) for k, sheet in enumerate(sheets) if atom.number in sheet.runs
    ]
    every = [glyph for _, run in on for glyph in run]
    parts: Sequence[tuple[int, int]] = [(0, len(atom.text))] * len(every)
    problem = None
    if not every:
        problem = ("lost", f"{_short(atom.text)} was not drawn")
    elif atom.kind == "math":
        asked, drawn = (
            formula_letters.expected(atom.text),
            formula_letters.drawn(g.char for g in every),
        )
        if asked - drawn or drawn - asked - formula_letters.optional(atom.text):
            problem = ("formula-letters", f"{_short(atom.text)}: {_difference(asked, drawn)}")
    elif atom.kind != "bullet":
        aligned = glyphs.align(atom.text, every)
        if aligned is None:
            problem = ("letters", f"{_short(atom.text)} is drawn as {_short(_drawn(every))}")
        else:
            parts = aligned
    places: dict[int, list[Placed]] = {}
    at = 0
    for k, run in on:
        places[k] = list(zip(run, parts[at : at + len(run)], strict=True))
        at += len(run)
    if problem is None and len(on) > 1 and atom.kind not in ("text", "mono"):
        problem = ("split", f"{_short(atom.text)} stands on two pages")
    return _Found(atom, places, problem)


def _problems(found: Sequence[_Found], sheets: Sequence[Sheet]) -> dict[int, tuple[str, str]]:
    """The first problem of each page. An atom that is nowhere spoils its block's neighbourhood."""
    bad: dict[int, tuple[str, str]] = {}
    last = 0
    for i, f in enumerate(found):
        if f.places:
            last = max(f.places)
        if f.problem is None:
            continue
        pages = set(f.places) or {last} | next(
            ({min(g.places)} for g in found[i + 1 :] if g.places), {last}
        )
        for k in pages:
            bad.setdefault(k, f.problem)
    known = {f.atom.number for f in found} | FURNITURE.keys()
    for k, sheet in enumerate(sheets):
        for number, run in sheet.runs.items():
            if number not in known:
                bad.setdefault(k, ("stray", f"{_short(_drawn(run))} belongs to nothing"))
    _spoil_split_blocks(found, bad)
    return bad


def _spoil_split_blocks(found: Sequence[_Found], bad: dict[int, tuple[str, str]]) -> None:
    """Tables and display formulas are shown whole or not at all."""
    pages: dict[Path, set[int]] = {}
    for f in found:
        for step in ("row", "cell"):
            if step in f.atom.path:
                whole = f.atom.path[: f.atom.path.index(step)]
                pages.setdefault(whole, set()).update(f.places)
    for path, on in pages.items():
        if len(on) > 1:
            for k in on:
                bad.setdefault(k, ("split", f"block {path[0]} stands on two pages"))


def _shown(f: _Found, k: int) -> str:
    if f.atom.kind == "math" or f.atom.kind == "bullet":
        return f.atom.text
    places = f.places[k]
    text = f.atom.text[places[0][1][0] : places[-1][1][1]]
    whole_start = f.atom.text[: places[0][1][0]].strip() == ""
    whole_end = f.atom.text[places[-1][1][1] :].strip() == ""
    lead = f.atom.text[: places[0][1][0]] if whole_start else ""
    trail = f.atom.text[places[-1][1][1] :] if whole_end else ""
    hyphen = "-" if places[-1][1][0] == places[-1][1][1] else ""
    return lead + text + hyphen + trail


def _numbered_marks(atoms: Sequence[Atom]) -> list[Atom]:
    """Marks with the number that they must show: footnotes are counted through the document."""
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


def _drawn(run: Sequence[Glyph]) -> str:
    return "".join(glyph.char for glyph in run)


def _difference(asked: Any, drawn: Any) -> str:
    missing, extra = "".join((asked - drawn).elements()), "".join((drawn - asked).elements())
    return f"missing {missing!r}, extra {extra!r}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")
