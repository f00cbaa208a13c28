"""Build the regions of a page: blocks, cells, lines, words, formulas, tags, furniture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from renderers.latex import mmd
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
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.lines import Line, PageLines, joined, union
from renderers.latex.pieces import GlyphPieces, split_into_pieces
from renderers.latex.snug import snug
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
    lines = PageLines(pieces, formulas, frozenset(loose))
    page = _RegionBuilder(blocks, pieces, formulas, lines, pixels, scale)
    page.add_content(shown, boxes)
    page.add_furniture(furniture)
    return page.found


@dataclass(frozen=True, slots=True)
class _RegionBuilder:
    """`owners` has the index of the region of each table, figure and program."""

    blocks: Sequence[Block]
    pieces: GlyphPieces
    formulas: Mapping[int, str]
    lines: PageLines
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
            for line in self.lines.of(self.pieces.of_run[number]):
                for part in self.lines.apart(line):
                    role = FURNITURE[number]
                    at = self._add(Region(self.lines.box(part), self.lines.text(part), role))
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
        lines = {cell: [*self.lines.of(pieces.get(place, []))] for cell, place in places.items()}
        cells = {
            cell: (
                joined([*map(self.lines.text, part)], source),
                union([*map(self.lines.box, part)]),
            )
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
        box = self.lines.box([i for run in runs for i in run])
        box = snug(box, self.pixels, grow=_MAX_GROWTH_PT * self.scale)
        assert isinstance(block, Formula)
        at = self._add(Region(box, mmd.formula(block), FORMULA))
        for atom, run in zip(members, runs, strict=True):
            if atom.kind == "text":
                self._add_words(run, self._add(Region(self.lines.box(run), atom.text, TAG, at)))

    def _add_text(self, role: str, path: Path, members: Sequence[Atom]) -> None:
        join: Callable[[Sequence[str]], str] = partial(joined, source=_source(members))
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
            role, join = block.kind, "\n".join
        indices = [i for atom in members for i in self.pieces.of_run[atom.number]]
        before = None
        for part in self.lines.columns(self.lines.of(indices)):
            texts = [self.lines.text(line) for line in part]
            boxes = [self.lines.box(line) for line in part]
            at = self._add(Region(union(boxes), join(texts), role, level=level, continues=before))
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


def _source(members: Iterable[Atom]) -> str:
    """The texts of atoms, in which no line ends."""
    return "".join(atom.text for atom in members if atom.kind != "math")


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (round(length * scale, 1) for length in box)
    return (x0, y0, x1, y1)
