"""What stands around the content of a slide: ground, navigation, title, foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.styled_pages.blocks.columns import shortened
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.lines import Box, break_lines, draw_line, natural_width
from benchmarks.styled_pages.slides.theme import Theme

MAX_TITLE_ROWS = 2


class FullError(Exception):
    """A slide has more than fits on it."""


class SlideFlow(Flow):
    """Lines and blocks on one slide, which does not go on on a next one."""

    def next_column(self) -> None:
        if self.column + 1 >= (self.columns or self.look.columns):
            raise FullError
        super().next_column()

    def line(
        self, boxes: Sequence[Box], leading: float, left: float = 0.0, right: float = 0.0,
        align: str = "left",
    ) -> float:  # fmt: skip
        if natural_width(boxes) > self.width - left - right + 0.1:
            raise FullError  # a word longer than the line
        return super().line(boxes, leading, left, right, align)

    def discard(self) -> None:
        """Leave out what this slide has so far."""
        self.sheet.discard()
        self.notes = []
        self.column = self.columns = 0


@dataclass(frozen=True)
class Section:
    name: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Frame:
    """What all slides of a deck have around their content. `first` is the number of its first page,
    `pages` that of the last."""

    theme: Theme
    title: str
    author: str
    sections: Sequence[Section]
    first: int
    pages: int

    def begin(self, flow: Flow, section: int, title: str) -> None:
        """Draw ground, navigation and title; the content begins below."""
        look, theme = flow.look, self.theme
        flow.sheet.area(0, 0, look.width, look.height, theme.paper)
        band = self._row(flow, section) if theme.navigation == "row" else 0.0
        if theme.navigation in ("left", "right"):
            self._column(flow, section)
        flow.y = flow.top = band + look.top
        if title:
            self._title(flow, title, band)
        flow.low = look.height - look.bottom - self._foot_height

    def end(self, flow: Flow) -> None:
        """Draw the foot."""
        look, theme = flow.look, self.theme
        page = self.first + flow.sheet.pages
        number = str(page) if theme.foot in ("page", "rows") else f"{page} / {self.pages}"
        high, size = 1.9 * theme.foot_size, theme.foot_size
        x0, x1 = self._inner(flow)
        y = look.height - high
        if theme.foot in ("page", "of"):
            box = flow.type.box(number, "foot", size)
            draw_line(flow.sheet, x1 - 2 * size - box.width, y + 0.6 * size, [box], 0, "left")
        elif theme.foot == "line":
            self._cells(flow, (self.author, self.title, number), ("foot",) * 3, x0, x1, y)
        elif theme.foot == "bars":
            self._bars(flow, x0, x1, y)
            styles = tuple(f"foot {k}" for k in range(3))
            self._cells(flow, (self.author, self.title, number), styles, x0, x1, y)
        elif theme.foot == "rows":
            for k, texts in enumerate((("", self.author, ""), (self.title, "", number))):
                top = look.height - (2 - k) * high
                flow.sheet.area(x0, top, x1 - x0, high, theme.foot_grounds[k])
                self._cells(flow, texts, (f"foot {k}",) * 3, x0, x1, top)

    @property
    def _foot_height(self) -> float:
        rows = {"none": 0.0, "rows": 2.0}.get(self.theme.foot, 1.0)
        return 1.9 * rows * self.theme.foot_size

    def _inner(self, flow: Flow) -> tuple[float, float]:
        """The left and right end of what a navigation column leaves."""
        width, theme = flow.look.width, self.theme
        return {
            "left": (theme.column, width),
            "right": (0.0, width - theme.column),
        }.get(theme.navigation, (0.0, width))

    def _bars(self, flow: Flow, x0: float, x1: float, y: float) -> None:
        third = (x1 - x0) / 3
        for k, ground in enumerate(self.theme.foot_grounds):
            flow.sheet.area(x0 + k * third, y, third, 1.9 * self.theme.foot_size, ground)

    def _cells(
        self, flow: Flow, texts: Sequence[str], styles: Sequence[str], x0: float, x1: float,
        y: float,
    ) -> None:  # fmt: skip
        """Texts at the left, in the middle and at the right of a row, each in a third of it."""
        size = self.theme.foot_size
        third = (x1 - x0) / 3
        for k, (text, style) in enumerate(zip(texts, styles, strict=True)):
            if not text:
                continue
            box = shortened(flow, text, style, size, third - 2 * size)
            start = x0 + k * third + size
            free = third - 2 * size - box.width
            x = start + free * (0.0, 0.5, 1.0)[k]
            draw_line(flow.sheet, x, y + 1.3 * size, [box], 0, "left")

    def _row(self, flow: Flow, section: int) -> float:
        """The names of the sections above the slide; returns the height."""
        look, theme = flow.look, self.theme
        size = theme.foot_size
        flow.sheet.area(0, 0, look.width, theme.band, theme.navigation_ground)
        styles = ["here" if k == section else "elsewhere" for k in range(len(self.sections))]
        boxes = [
            flow.type.box(part.name, style, size)
            for part, style in zip(self.sections, styles, strict=True)
        ]
        room = look.width - 2 * size - sum(box.width for box in boxes)
        if room < 1.2 * size * (len(boxes) - 1):  # each gets as much as the others
            most = look.width / len(boxes) - 2 * size
            boxes = [
                shortened(flow, box.text, style, size, most)
                for box, style in zip(boxes, styles, strict=True)
            ]
            room = look.width - 2 * size - sum(box.width for box in boxes)
        gap = room / max(1, len(boxes) - 1)
        if not theme.spread:
            gap = min(gap, 3 * size)
        x, y = size, theme.band / 2 + 0.35 * size
        for box in boxes:
            draw_line(flow.sheet, x, y, [box], 0, "left")
            x += box.width + gap
        return theme.band

    def _column(self, flow: Flow, section: int) -> None:
        """Title, author and the names of the sections beside the slide."""
        look, theme = flow.look, self.theme
        size = theme.foot_size
        x = 0.0 if theme.navigation == "left" else look.width - theme.column
        flow.sheet.area(x, 0, theme.column, look.height, theme.navigation_ground)
        y = 2 * size
        rows = [(self.title, "here", 1.0, "center"), (self.author, "here", 0.9, "center")]
        for k, part in enumerate(self.sections):
            rows.append((part.name, "here" if k == section else "elsewhere", 1.0, "left"))
            rows += ((name, "elsewhere", 0.8, "left") for name in part.parts)
        for text, style, scale, align in rows:
            inset = (0.6 if scale >= 0.9 else 1.2) * size
            room = theme.column - inset - 0.6 * size
            lines = self._wrapped(flow, text, style, scale * size, room)
            if y + (len(lines) + 1) * 1.25 * size > look.height:
                break  # not all sections of a long deck fit
            y += (0.6 if scale >= 0.9 else 0.2) * size
            for line in lines:
                y += 1.25 * scale * size
                draw_line(flow.sheet, x + inset, y, line, room, align)

    def _title(self, flow: Flow, title: str, band: float) -> None:
        look, theme = flow.look, self.theme
        size = theme.title_size
        x0, x1 = self._inner(flow)
        lines = self._wrapped(flow, title, "title", size, flow.width)[:MAX_TITLE_ROWS]
        high = (1.2 * len(lines) + 0.7) * size
        if theme.title in ("bar", "tint"):
            ground = theme.bar if theme.title == "bar" else theme.tint
            flow.sheet.area(x0, band, x1 - x0, high, ground)
        y = band + 0.35 * size
        for line in lines:
            y += 1.2 * size
            draw_line(flow.sheet, look.left, y - 0.3 * size, line, flow.width, theme.title_align)
        if theme.title == "rule":
            y = band + high
            flow.sheet.path([(look.left, y), (look.width - look.right, y)], theme.accent, 1.0)
        flow.y = flow.top = band + high + 0.5 * look.size

    def _wrapped(
        self, flow: Flow, text: str, style: str, size: float, room: float
    ) -> list[list[Box]]:
        """The lines of a text in a narrow place; words that are longer are cut."""
        lines = break_lines(flow.type.boxes([(text, style)], size), room)
        return [
            line
            if natural_width(line) <= room
            else [shortened(flow, "".join(box.text for box in line), style, size, room)]
            for line in lines
        ]
