"""Build the regions of a page: blocks, cells, lines, words, formulas, tags, furniture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from renderers.latex import mmd
from renderers.latex.alignment import HYPHENS
from renderers.latex.atoms import FURNITURE, Atom, Path, lookup
from renderers.latex.blocks import (
    Block,
    Figure,
    Formula,
    Heading,
    Inline,
    Paragraph,
    Program,
    Table,
)
from renderers.latex.characters import is_cjk
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.pieces import GlyphPieces, split_into_pieces
from renderers.latex.table_cells import positions
from renderers.picture import Box, Pixels, Region
from renderers.region_tree import cell_regions
from renderers.roles import (
    CAPTION,
    FIGURE,
    FOOTNOTE,
    FORMULA,
    INLINE_FORMULA,
    LINE,
    LIST_ITEM,
    PARAGRAPH,
    SECTION_HEADER,
    TABLE,
    TAG,
    TITLE,
    WORD,
)

_MAX_GROWTH_PT = 6
"""How far a display may extend beyond the boxes of its glyphs."""
_BASELINE_TOLERANCE = 0.35
"""Pieces on baselines that differ by less, in parts of their size, are on one line."""
_FURNITURE_GAP = 2
"""A wider gap, in parts of the glyph size, separates two texts of a header."""
_COLUMN_JUMP = 3
"""A line that is higher by more, in parts of its size, begins the next column."""
_MIN_SPACE = 0.12
"""A narrower gap, in parts of the glyph size, is kerning and not a space."""
_MIN_CONTRAST = 60
"""Gray levels below the paper from which on a pixel counts as drawn."""

Line = list[int]
"""Pieces, by their index."""


@dataclass(frozen=True, slots=True)
class ShownAtom:
    """An atom on a page; `words` are its glyphs after white space in its text."""

    atom: Atom
    words: Sequence[int]


def page_regions(
    glyphs: PageGlyphs,
    blocks: Sequence[Block],
    shown: Sequence[ShownAtom],
    boxes: Mapping[Path, Box],
    pixels: Pixels,
    scale: float,
) -> list[Region]:
    """Regions in pixels, in reading order: each block, then its lines, each before its words.

    `shown` is what the page shows, in the order of its content stream; `boxes` are
    those of its tables, rules included, and of its figures. Page furniture comes last.
    """
    furniture = [number for number in FURNITURE if number in glyphs.runs]
    pieces = split_into_pieces(
        glyphs,
        (glyph for item in shown for glyph in item.words),
        (item.atom.number for item in shown if item.atom.kind == "math"),
        furniture,
        scale,
    )
    formulas: dict[int, str] = {}
    loose: set[int] = set()
    for item in shown:
        if item.atom.kind in ("math", "mark"):
            run = pieces.of_run[item.atom.number]
            loose.update(run)
            if item.atom.kind == "math":
                formulas.update(dict.fromkeys(run, ""))
                formulas[run[0]] = mmd.inline(Inline(item.atom.text))
    page = _RegionBuilder(blocks, pieces, formulas, frozenset(loose), pixels, scale)
    page.add_content(shown, boxes)
    page.add_furniture(furniture)
    return page.found


@dataclass(frozen=True, slots=True)
class _RegionBuilder:
    """`formulas` is the source of each formula at its first piece, and nothing at the others;
    `loose` are pieces that need not be on the baseline of their line: formulas, raised marks.
    `owners` has the index of the region of each table, figure and program.
    """

    blocks: Sequence[Block]
    pieces: GlyphPieces
    formulas: Mapping[int, str]
    loose: frozenset[int]
    pixels: Pixels
    scale: float
    found: list[Region] = field(default_factory=list)
    owners: dict[Path, int] = field(default_factory=dict)

    def add_content(self, shown: Sequence[ShownAtom], boxes: Mapping[Path, Box]) -> None:
        groups: dict[tuple[str, Path], list[Atom]] = {}
        for item in shown:
            groups.setdefault(_group(item.atom.path, self.blocks), []).append(item.atom)
        waiting = dict(boxes)
        with_text = {owner for owner in boxes for _, path in groups if _is_within(path, owner)}
        captions: list[tuple[range, Path]] = []
        for (role, path), members in groups.items():
            for owner in [*waiting]:
                if owner in with_text:
                    begins = _is_within(path, owner) and (role == TABLE or self._is_figure(owner))
                else:
                    begins = int(owner[0]) < int(path[0])
                if begins:
                    self._add_boxed(owner, waiting.pop(owner), members if path == owner else ())
            start = len(self.found)
            if role == FORMULA:
                self._add_formula(lookup(self.blocks, path), members)
            elif role != TABLE:
                self._add_text(role, path, members)
            if role == CAPTION:
                captions.append((range(start, len(self.found)), _captioned(path)))
        for owner, box in waiting.items():
            self._add_boxed(owner, box, ())
        for indices, owner in captions:
            for i in indices:
                if self.found[i].role == CAPTION:
                    self.found[i] = replace(self.found[i], parent=self.owners.get(owner))

    def add_furniture(self, numbers: Sequence[int]) -> None:
        """One region for each connected piece of page furniture, words inside."""
        for number in numbers:
            for line in self._lines(self.pieces.of_run[number]):
                for part in self._apart(line):
                    role = FURNITURE[number]
                    at = self._add(Region(self._box(part), self._line_text(part), role))
                    self._add_words(part, at)

    def _add(self, region: Region) -> int:
        """The index of a new region."""
        self.found.append(region)
        return len(self.found) - 1

    def _is_figure(self, path: Path) -> bool:
        return isinstance(lookup(self.blocks, path), Figure)

    def _add_boxed(self, path: Path, box: Box, members: Sequence[Atom]) -> None:
        """A figure, or a table with its cells, whose atoms are `members`."""
        block = lookup(self.blocks, path)
        box = _scaled(box, self.scale)
        if isinstance(block, Table):
            self.owners[path] = self._add(Region(box, mmd.tabular(block), TABLE))
            self._add_cells(block, path, members)
        else:
            self.owners[path] = self._add(Region(box, "", FIGURE))

    def _add_cells(self, table: Table, path: Path, members: Sequence[Atom]) -> None:
        pieces: dict[tuple[int, int] | None, Line] = {}
        for atom in members:
            _, row, number = atom.path[len(path) : len(path) + 3]
            pieces.setdefault((int(row), int(number)), []).extend(self.pieces.of_run[atom.number])
        places = positions(table)
        source = _source(members)
        lines = {cell: [*self._lines(pieces.get(place, []))] for cell, place in places.items()}
        cells = {
            cell: (_joined([*map(self._line_text, part)], source), _union([*map(self._box, part)]))
            if part
            else ("", None)
            for cell, part in lines.items()
        }
        at = self.owners[path]
        for region in cell_regions(cells, self.found[at].bbox, at):
            assert region.cell is not None
            index = self._add(region)
            for line in lines[region.cell]:
                self._add_words(line, index)

    def _add_formula(self, block: object, members: Sequence[Atom]) -> None:
        runs = [self.pieces.of_run[atom.number] for atom in members]
        box = self._box([i for run in runs for i in run])
        box = snug(box, self.pixels, grow=_MAX_GROWTH_PT * self.scale)
        assert isinstance(block, Formula)
        at = self._add(Region(box, mmd.formula(block), FORMULA))
        for atom, run in zip(members, runs, strict=True):
            if atom.kind == "text":
                self._add_words(run, self._add(Region(self._box(run), atom.text, TAG, at)))

    def _add_text(self, role: str, path: Path, members: Sequence[Atom]) -> None:
        joined: Callable[[Sequence[str]], str] = partial(_joined, source=_source(members))
        level = None
        if role == LIST_ITEM:
            level = path.count("item")
        elif role == SECTION_HEADER:
            heading = lookup(self.blocks, path)
            assert isinstance(heading, Heading)
            level = heading.level
        elif role == "program":
            block = lookup(self.blocks, path)
            assert isinstance(block, Program)
            role, joined = block.kind, "\n".join
        indices = [i for atom in members for i in self.pieces.of_run[atom.number]]
        before = None
        for part in self._columns(self._lines(indices)):
            texts = [self._line_text(line) for line in part]
            boxes = [self._box(line) for line in part]
            at = self._add(
                Region(_union(boxes), joined(texts), role, level=level, continues=before)
            )
            if before is None:
                self.owners[path] = at
            before = at
            for line, box, text in zip(part, boxes, texts, strict=True):
                self._add_words(line, self._add(Region(box, text, LINE, at)))

    def _add_words(self, line: Sequence[int], parent: int) -> None:
        text, pixels, formulas = self.pieces.text, self.pieces.pixels, self.formulas
        for i in line:
            if i in formulas:
                box = snug(pixels[i], self.pixels, 0)
                self._add(Region(box, formulas[i], INLINE_FORMULA, parent))
            else:
                self._add(Region(pixels[i], text[i], WORD, parent))

    def _lines(self, indices: Sequence[int]) -> Iterator[Line]:
        box, ys, sizes = self.pieces.box, self.pieces.y, self.pieces.size
        line: Line = []
        y = right = 0.0
        for i in indices:
            loose = i in self.loose
            left = box[i][0]
            if line and (
                left < right or (not loose and abs(ys[i] - y) > _BASELINE_TOLERANCE * sizes[i])
            ):
                yield line
                line = []
            if not line or not loose:
                y = ys[i]
            line.append(i)
            right = left
        if line:
            yield line

    def _apart(self, line: Line) -> Iterator[Line]:
        """Splits a line at wide gaps: a header may contain several texts."""
        box = self.pieces.box
        part: Line = []
        for i in line:
            if part and box[i][0] - box[part[-1]][2] > _FURNITURE_GAP * self.pieces.size[i]:
                yield part
                part = []
            part.append(i)
        if part:
            yield part

    def _columns(self, lines: Iterator[Line]) -> Iterator[list[Line]]:
        """A block's lines, split where it continues at the top of the next column."""
        y = self.pieces.y
        part: list[Line] = []
        for line in lines:
            if part and y[line[0]] < y[part[-1][0]] - _COLUMN_JUMP * self.pieces.size[line[0]]:
                yield part
                part = []
            part.append(line)
        if part:
            yield part

    def _line_text(self, line: Line) -> str:
        text, box, size, formulas = (
            self.pieces.text,
            self.pieces.box,
            self.pieces.size,
            self.formulas,
        )
        out: list[str] = []
        right = 0.0
        last = ""
        for i in line:
            content = formulas[i] if i in formulas else text[i]
            x0, _, x1, _ = box[i]
            if content:
                if last and x0 - right > _MIN_SPACE * size[i] and _spaced(last, content):
                    out.append(" ")
                out.append(content)
                last = content
            right = x1
        return "".join(out)

    def _box(self, indices: Sequence[int]) -> Box:
        pixels = self.pieces.pixels
        return _union([pixels[i] for i in indices])


def _is_within(path: Path, owner: Path) -> bool:
    return path[: len(owner)] == owner


def _group(path: Path, blocks: Sequence[Block]) -> tuple[str, Path]:
    """The role of the innermost block that an atom belongs to, and the path of that block.

    All cells of a table are one group.
    """
    for at in range(len(path) - 1, 0, -1):
        step = path[at]
        if step in ("row", "tag"):
            return FORMULA, path[:at]
        if step == "cell":
            return TABLE, path[:at]
        if step == "line":
            return "program", path[:at]
        if step == "panel":
            return CAPTION, path[: at + 2]
        if step in ("number", "caption"):
            return CAPTION, (*path[:at], "caption")
        if step in ("note", "foot"):
            return FOOTNOTE, path[:at]
        if step == "label":
            return LIST_ITEM, (*path[:at], "item", path[at + 1])
        if step == "item":
            return LIST_ITEM, path[: at + 2]
    block = blocks[int(path[0])]
    if isinstance(block, Paragraph):
        return block.role, path[:1]
    if isinstance(block, Heading):
        return SECTION_HEADER if block.level else TITLE, path[:1]
    return PARAGRAPH, path[:1]


def _captioned(path: Path) -> Path:
    """The path of the table, figure or program that a caption belongs to."""
    return path[:-1] if path[-1] == "caption" else path[:-2]


def _spaced(left: str, right: str) -> bool:
    """Whether a space belongs between two texts: not next to Chinese."""
    return not (is_cjk(left[-1]) or is_cjk(right[0]))


def _source(members: Iterable[Atom]) -> str:
    """The texts of atoms, in which no line ends."""
    return "".join(atom.text for atom in members if atom.kind != "math")


def _joined(texts: Sequence[str], source: str = "") -> str:
    """Lines as one text. A hyphen at the end of a line goes if `source` has the word without it."""
    out = ""
    for text in texts:
        if out and text and out[-1] in HYPHENS:
            before, after = out.rpartition(" ")[2], text.partition(" ")[0]
            if before[:-1] + after in source:
                out = out[:-1]
            elif before + after not in source:
                out += " "
        elif out and text and _spaced(out, text):
            out += " "
        out += text
    return out


def _union(boxes: Sequence[Box]) -> Box:
    if len(boxes) == 1:
        return boxes[0]
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return (min(x0s), min(y0s), max(x1s), max(y1s))


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (round(length * scale, 1) for length in box)
    return (x0, y0, x1, y1)


def snug(box: Box, pixels: Pixels, grow: float) -> Box:
    """The box shrunk to the drawn pixels in it, after growing up and down over drawn rows.

    Fractions, roots and tall brackets extend beyond the em boxes of their glyphs. It grows by
    `grow` pixels at most.
    """
    height, width = pixels.shape[:2]
    x0, x1 = max(int(box[0]), 0), min(int(np.ceil(box[2])), width)
    low, high = max(int(box[1] - grow), 0), min(int(np.ceil(box[3] + grow)), height)
    if x0 >= x1 or low >= high:
        return box
    area = pixels[low:high, x0:x1]
    gray = area if area.ndim == 2 else area.min(axis=2)
    drawn = gray < int(gray.max()) - _MIN_CONTRAST
    rows = np.asarray(drawn.any(axis=1))
    top, bottom = max(int(box[1]) - low, 0), min(int(np.ceil(box[3])) - low, len(rows))
    while top > 0 and rows[top - 1]:
        top -= 1
    while bottom < len(rows) and rows[bottom]:
        bottom += 1
    filled = np.flatnonzero(rows[top:bottom])
    columns = np.flatnonzero(drawn[top:bottom].any(axis=0))
    if not len(filled):
        return box
    return (
        float(x0 + columns[0]),
        float(low + top + filled[0]),
        float(x0 + columns[-1] + 1),
        float(low + top + filled[-1] + 1),
    )
