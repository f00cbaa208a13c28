"""The regions of a page: the border between a layout and the contract of datasets."""

from __future__ import annotations

from dataclasses import replace

from renderers.picture import Box, Cell, Region
from renderers.region_tree import Points, mapped, rebased
from renderers.roles import INLINE_FORMULA, WORD
from renderers.web.document import Inset
from renderers.web.html import Entry
from renderers.web.lines import Line, bounds
from renderers.web.readback import Laid, Layout, source_text

NO_LINES = frozenset({"cell", "tag"})
"""Roles whose words are directly below them."""


def to_regions(layout: Layout) -> tuple[Region, ...]:
    """The regions of what is on the page, in reading order."""
    return _Regions(layout).all()


class _Regions:
    def __init__(self, layout: Layout) -> None:
        self.laid = layout.laid
        self.leftward = layout.leftward
        self.found: list[Region] = []
        self.places: dict[int, int] = {}
        """The position of each entry's first region."""

    def all(self) -> tuple[Region, ...]:
        captions = []
        for n, item in enumerate(self.laid):
            if item is None:
                continue
            if item.entry.role == "caption":
                captions.append((n, len(self.found)))
            self._add(n, item)
        for n, first in captions:
            # The table of a caption may be listed after it.
            owner = self.places.get(self.laid[n].entry.parent)  # type: ignore[union-attr,arg-type]
            if owner is not None:
                self.found[first] = replace(self.found[first], parent=owner)
        return tuple(self.found)

    def _add(self, n: int, item: Laid) -> None:
        entry = item.entry
        parent = None if entry.parent is None else self.places.get(entry.parent)
        first: int | None = None
        fragments = item.fragments or [[]]
        for fragment in fragments:
            box = self._box(n, item, fragment)
            if box is None:
                continue
            region = Region(
                box,
                _text(entry, fragment),
                entry.role,
                parent=parent,
                cell=_cell(entry),
                level=entry.level,
                continues=first,
            )
            here = len(self.found)
            self.found.append(region)
            if first is None:
                first = here
                self.places[n] = here
            self._add_lines(entry, fragment, here)
            if entry.inset is not None:
                self.found += parts_of(entry.inset, box, here)

    def _box(self, n: int, item: Laid, fragment: list[Line]) -> Box | None:
        """Cells, tables and figures have the box of their element, text that of its lines."""
        role = item.entry.role
        inside = [line.box for line in fragment]
        if role in ("table", "form"):
            inside = [
                line.box
                for other in self.laid
                if other is not None and self._below(other.entry, n)
                for line in other.lines
            ]
        if item.box is not None and (not inside or role in ("cell", "table", "form", "formula")):
            inside.append(item.box)
        if role.startswith("checkbox") and item.box is not None:
            # The box to tick is before its label.
            left, right = item.box[0], inside[0][0]
            if self.leftward:
                left, right = inside[0][2], item.box[2]
            inside.append((left, inside[0][1], right, inside[0][3]))
        return bounds(inside) if inside else None

    def _below(self, entry: Entry, n: int) -> bool:
        if entry.role == "caption":
            return False
        parent = entry.parent
        while parent is not None:
            if parent == n:
                return True
            item = self.laid[parent]
            parent = None if item is None else item.entry.parent
        return False

    def _add_lines(self, entry: Entry, lines: list[Line], parent: int) -> None:
        for line in lines:
            above = parent
            if entry.role not in NO_LINES:
                above = len(self.found)
                self.found.append(Region(line.box, line.text, "line", parent=parent))
            for word in line.words:
                role = INLINE_FORMULA if word.formula else WORD
                self.found.append(Region(word.box, word.text, role, parent=above))


def _cell(entry: Entry) -> Cell | None:
    if entry.cell is None:
        return None
    place = entry.cell
    return Cell(place.row, place.column, place.rowspan, place.colspan, place.header)


def parts_of(inset: Inset, box: Box, parent: int) -> list[Region]:
    """The parts of a picture that fills this box of the page; `parent` is its own region."""
    x, y = (box[2] - box[0]) / inset.width, (box[3] - box[1]) / inset.height

    def placed(points: Points) -> Points:
        return points * (x, y) + (box[0], box[1])

    return rebased(mapped(inset.regions, placed), parent + 1, parent)


def _text(entry: Entry, lines: list[Line]) -> str:
    """The part of an entry's text that is on these lines."""
    if entry.inset is not None:
        return entry.inset.text
    if entry.latex or not lines:
        return entry.latex
    # Code keeps the spaces at the beginning of its first line.
    start = 0 if entry.lines else lines[0].start
    return source_text(entry)[start : lines[-1].end]
