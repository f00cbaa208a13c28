"""Regions of a page from its glyphs: blocks, cells, lines, words, formulas, tags, furniture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from renderers.latex import mmd
from renderers.latex.atoms import Atom, Path, lookup
from renderers.latex.blocks import Block, Formula, Heading, Inline, Table
from renderers.latex.characters import FIRST_CJK, is_cjk
from renderers.latex.glyphs import Glyph
from renderers.picture import WORD, Box, Pixels, Region

Placed = tuple[Glyph, tuple[int, int]]
"""A glyph and the part of its atom's text that it shows."""

_STEP = 0.08
"""Chinese characters of one run are equally wide within this part of their size."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An atom with its glyphs on one page."""

    atom: Atom
    placed: Sequence[Placed]


class _Piece(NamedTuple):
    """A word or an inline formula on a line; `y` is its baseline, all in points."""

    text: str
    role: str
    box: Box
    y: float
    size: float
    loose: bool = False
    """Not on the baseline of its line: formulas and raised marks."""


def page_regions(
    blocks: Sequence[Block],
    shown: Sequence[Shown],
    tables: Mapping[int, Box],
    pixels: Pixels,
    scale: float,
) -> list[Region]:
    """Regions in pixels, in reading order: each block, then its lines, each before its words.

    `shown` is what the page shows, in the order of its content stream; `tables` gives the
    boxes of the tables on it by block, rules included.
    """
    groups: dict[tuple[str, Path], list[Shown]] = {}
    for one in shown:
        groups.setdefault(_group(one.atom.path, blocks), []).append(one)
    regions: list[Region] = []
    tables_done: set[int] = set()
    for (role, path), members in groups.items():
        index = int(path[0])
        table = blocks[index]
        if role == "cell" and isinstance(table, Table) and index not in tables_done:
            tables_done.add(index)
            if index in tables:
                regions.append(Region(tables[index], mmd.tabular(table), "table"))
        if role == "formula":
            regions += _formula(lookup(blocks, path), members)
        else:
            regions += _text_block(role, members)
    return [_to_pixels(region, scale, pixels) for region in regions]


def furniture_regions(run: Sequence[Glyph], role: str, scale: float) -> list[Region]:
    """One region for each connected piece of page furniture, words inside."""
    regions: list[Region] = []
    for line in _lines(_words_by_gap(run)):
        for part in _apart(line):
            regions.append(Region(_union(p.box for p in part), _line_text(part), role))
            regions += [Region(p.box, p.text, WORD) for p in part]
    return [replace(r, bbox=_scaled(r.bbox, scale)) for r in regions]


def _group(path: Path, blocks: Sequence[Block]) -> tuple[str, Path]:
    """The role of the innermost block that an atom belongs to, and the path of that block."""
    for at in range(len(path) - 1, 0, -1):
        step = path[at]
        if step in ("row", "tag"):
            return "formula", path[:at]
        if step == "cell":
            return "cell", path[: at + 3]
        if step in ("number", "caption"):
            return "caption", (*path[:at], "caption")
        if step in ("note", "foot"):
            return "footnote", path[:at]
        if step == "label":
            return "list_item", (*path[:at], "item", path[at + 1])
        if step == "item":
            return "list_item", path[: at + 2]
    role = "heading" if isinstance(blocks[int(path[0])], Heading) else "paragraph"
    return role, path[:1]


def _formula(block: object, members: Sequence[Shown]) -> Iterator[Region]:
    glyphs = [glyph for one in members for glyph, _ in one.placed]
    if glyphs and isinstance(block, Formula):
        yield Region(_union(map(_glyph_box, glyphs)), mmd.formula(block), "formula")
    for one in members:
        if one.atom.kind == "text":
            pieces = list(_pieces(one))
            yield Region(_union(p.box for p in pieces), one.atom.text, "tag")
            yield from (Region(p.box, p.text, WORD) for p in pieces)


def _text_block(role: str, members: Sequence[Shown]) -> Iterator[Region]:
    lines = list(_lines([piece for one in members for piece in _pieces(one)]))
    for part in _columns(lines):
        box = _union(piece.box for line in part for piece in line)
        yield Region(box, _joined([_line_text(line) for line in part]), role)
        for line in part:
            if role != "cell":
                yield Region(_union(p.box for p in line), _line_text(line), "line")
            yield from (Region(p.box, p.text, p.role) for p in line)


def _pieces(one: Shown) -> Iterator[_Piece]:
    if one.atom.kind == "math":
        parts = list(_split(one.placed, lambda a, b: _wraps(a[0], b[0])))
        for i, part in enumerate(parts):
            glyphs = [glyph for glyph, _ in part]
            size = max(g.size for g in glyphs)
            y = next(g.y for g in glyphs if g.size == size)
            text = mmd.inline(Inline(one.atom.text)) if i == 0 else ""
            box = _union(map(_glyph_box, glyphs))
            yield _Piece(text, "inline_formula", box, y, size, loose=True)
        return
    words = _words(one.placed)
    yield from (p._replace(loose=True) for p in words) if one.atom.kind == "mark" else words


def _wraps(left: Glyph, right: Glyph) -> bool:
    size = max(left.size, right.size)
    return right.x0 < left.x0 - 2 * size or abs(right.y - left.y) > 2.5 * size


def _words(placed: Sequence[Placed]) -> Iterator[_Piece]:
    """Cut at white space (text that no glyph shows), at the ends of lines, where Chinese meets
    Latin, and where Chinese characters stop being equally wide.
    """
    run: list[Glyph] = []
    last, shown = placed[0][0], placed[0][1][1]
    for item in placed:
        glyph, (start, end) = item
        if run and (
            start > shown
            or ((glyph.x0 < last.x0 or glyph.y != last.y) and _wraps(last, glyph))
            or (max(glyph.char, last.char) >= FIRST_CJK and not _same_word(run, glyph))
        ):
            yield _word(run)
            run = []
        run.append(glyph)
        last, shown = glyph, end
    if run:
        yield _word(run)


def _same_word(run: Sequence[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    if is_cjk(last.char) != is_cjk(glyph.char):
        return False
    if not is_cjk(glyph.char):
        return True
    slack = _STEP * glyph.size
    first_step = run[1].x0 - run[0].x0 if len(run) > 1 else glyph.x1 - glyph.x0
    return abs(glyph.x0 - last.x0 - first_step) < slack and glyph.x0 - last.x1 < slack


def _word(run: Sequence[Glyph]) -> _Piece:
    text = "".join([glyph.char for glyph in run])
    first = run[0]
    if any(glyph.y != first.y or glyph.size != first.size for glyph in run):
        box = _union(map(_glyph_box, run))
    else:
        left, right = min([glyph.x0 for glyph in run]), max([glyph.x1 for glyph in run])
        box = (left, first.top, right, first.bottom)
    return _Piece(text, WORD, box, first.y, first.size)


def _words_by_gap(run: Sequence[Glyph]) -> list[_Piece]:
    placed: list[Placed] = [(glyph, (0, 0)) for glyph in run]

    def gap(a: Placed, b: Placed) -> bool:
        away = b[0].x0 - a[0].x1 > 0.15 * b[0].size
        return away or b[0].x0 < a[0].x0 or abs(b[0].y - a[0].y) > 1

    return [p for part in _split(placed, gap) for p in _words(part)]


def _lines(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    line: list[_Piece] = []
    y = 0.0
    for piece in pieces:
        if line:
            backwards = piece.box[0] < line[-1].box[0]
            apart = abs(piece.y - y) > (1.2 if piece.loose else 0.35) * piece.size
            if backwards or (apart and not piece.loose) or (apart and backwards):
                yield line
                line = []
        if not line or not piece.loose:
            y = piece.y
        line.append(piece)
    if line:
        yield line


def _apart(line: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """A header may hold several texts far from each other."""
    part: list[_Piece] = []
    for piece in line:
        if part and piece.box[0] - part[-1].box[2] > 2 * piece.size:
            yield part
            part = []
        part.append(piece)
    if part:
        yield part


def _columns(lines: Sequence[list[_Piece]]) -> Iterator[list[list[_Piece]]]:
    """A block's lines, cut where it goes on at the top of the next column."""
    part: list[list[_Piece]] = []
    for line in lines:
        if part and line[0].y < part[-1][0].y - 3 * line[0].size:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _line_text(line: Sequence[_Piece]) -> str:
    out = ""
    for i, piece in enumerate(line):
        if i and piece.box[0] - line[i - 1].box[2] > 0.12 * piece.size:
            out = _joined([out, piece.text])
        else:
            out += piece.text
    return out


def _joined(texts: Sequence[str]) -> str:
    """With a space between two texts unless one of them is Chinese there."""
    out = ""
    for text in texts:
        if out and text and not (is_cjk(out[-1]) or is_cjk(text[0])):
            out += " "
        out += text
    return out


def _split(
    items: Sequence[Placed], between: Callable[[Placed, Placed], bool]
) -> Iterator[list[Placed]]:
    part: list[Placed] = []
    for item in items:
        if part and between(part[-1], item):
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def _glyph_box(glyph: Glyph) -> Box:
    return (glyph.x0, glyph.top, glyph.x1, glyph.bottom)


def _union(boxes: Iterator[Box] | Sequence[Box]) -> Box:
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return (min(x0s), min(y0s), max(x1s), max(y1s))


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (
        round(x0 * scale, 1),
        round(y0 * scale, 1),
        round(x1 * scale, 1),
        round(y1 * scale, 1),
    )


def _to_pixels(region: Region, scale: float, pixels: Pixels) -> Region:
    box = _scaled(region.bbox, scale)
    if region.role in ("formula", "inline_formula"):
        box = snug(box, pixels, grow=6 * scale if region.role == "formula" else 0)
    return Region(box, region.text, region.role)


def snug(box: Box, pixels: Pixels, grow: float) -> Box:
    """The box moved to the ink in it, after growing up and down while rows go on having ink.

    Fractions, roots and tall brackets reach beyond the em boxes of their glyphs.
    """
    height, width = pixels.shape[:2]
    x0, x1 = max(int(box[0]), 0), min(int(np.ceil(box[2])), width)
    low, high = max(int(box[1] - grow), 0), min(int(np.ceil(box[3] + grow)), height)
    if x0 >= x1 or low >= high:
        return box
    area = pixels[low:high, x0:x1]
    grey = area if area.ndim == 2 else area.min(axis=2)
    ink = grey < int(grey.max()) - 60
    rows = np.asarray(ink.any(axis=1))
    top, bottom = max(int(box[1]) - low, 0), min(int(np.ceil(box[3])) - low, len(rows))
    while top > 0 and rows[top - 1]:
        top -= 1
    while bottom < len(rows) and rows[bottom]:
        bottom += 1
    filled = np.flatnonzero(rows[top:bottom])
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    if not len(filled):
        return box
    return (
        float(x0 + columns[0]),
        float(low + top + filled[0]),
        float(x0 + columns[-1] + 1),
        float(low + top + filled[-1] + 1),
    )
