"""Lines and blocks from the top of a column to its end, then the next column or page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.styled_pages.lines import Box, Span, Type, break_lines, draw_line
from benchmarks.styled_pages.look import Look
from benchmarks.styled_pages.sheet import Sheet

NOTE = 0.8
"""Size of footnotes, as a share of the body's."""


@dataclass
class Flow:
    """Where the next line goes; `margins` draws what stands around the text of a finished page."""

    look: Look
    type: Type
    margins: Callable[[Flow], None]
    sheet: Sheet = field(init=False)
    column: int = 0
    y: float = 0.0
    top: float = 0.0
    """Where the columns of this page begin: below a title over all of them."""
    low: float = 0.0
    """The lowest place for text; footnotes raise it."""
    notes: list[list[Box]] = field(default_factory=list)
    columns: int = 0
    """Columns from here on; 0 as the look has them."""

    def __post_init__(self) -> None:
        self.sheet = Sheet(self.look.width, self.look.height)
        self.y = self.top = self.look.top
        self.low = self.look.height - self.look.bottom

    @property
    def width(self) -> float:
        look, count = self.look, self.columns or self.look.columns
        return (look.width - look.left - look.right - (count - 1) * look.gap) / count

    @property
    def left(self) -> float:
        return self.look.left + self.column * (self.width + self.look.gap)

    @property
    def fresh(self) -> bool:
        """Whether nothing is in the column yet."""
        return self.y <= self.top

    def space(self, height: float) -> None:
        """Vertical space, but none at the top of a column."""
        if not self.fresh:
            self.y += height

    def need(self, height: float) -> None:
        """Go on in the next column if less than `height` is left."""
        if self.y + height > self.low and not self.fresh:
            self.next_column()

    def next_column(self) -> None:
        if self.column + 1 < (self.columns or self.look.columns):
            self.column += 1
            self.y = self.top
        else:
            self.next_page()

    def next_page(self) -> None:
        self._draw_notes()
        self.margins(self)
        self.sheet.finish_page()
        self.column = 0
        self.y = self.top = self.look.top
        self.low = self.look.height - self.look.bottom

    def line(
        self, boxes: Sequence[Box], leading: float, left: float = 0.0, right: float = 0.0,
        align: str = "left",
    ) -> float:  # fmt: skip
        """Draw one line; returns its height on the page."""
        self.need(leading)
        self.y += leading
        base = self.y - 0.25 * leading
        draw_line(self.sheet, self.left + left, base, boxes, self.width - left - right, align)
        return base

    def paragraph(
        self, spans: Sequence[Span], *, size: float = 0.0, left: float = 0.0, right: float = 0.0,
        first: float = 0.0, align: str = "", mark: Box | None = None, leading: float = 0.0,
    ) -> float:  # fmt: skip
        """Draw a paragraph, `first` its first line's indent, `mark` what hangs before it; returns
        the height of its first line."""
        look = self.look
        size, align = size or look.size, align or look.align
        leading = leading or look.leading * size / look.size
        boxes = self.type.boxes(spans, size)
        hyphens = self.type if look.hyphenated and align == "fill" else None
        lines = list(break_lines(boxes, self.width - left - right, first, hyphens))
        began = self.y
        for i, line in enumerate(lines):
            indent = left + (first if i == 0 else 0.0)
            last = i == len(lines) - 1
            base = self.line(
                line, leading, indent, right, "left" if last and align == "fill" else align
            )
            if i == 0:
                began = base
                if mark is not None:
                    draw_line(self.sheet, self.left + left - mark.width, base, [mark], 0, "left")
        return began

    def note(self, spans: Sequence[Span]) -> None:
        """A footnote, if there is room for it."""
        if self.column or self.columns > 1 or self.look.columns > 1:
            return
        size = NOTE * self.look.size
        lines = list(break_lines(self.type.boxes(spans, size), self.width))
        height = len(lines) * self._note_leading + (0 if self.notes else 8)
        if self.y + 3 * self.look.leading + height < self.low:
            self.low -= height
            self.notes += lines

    @property
    def _note_leading(self) -> float:
        return NOTE * self.look.leading

    def _draw_notes(self) -> None:
        if not self.notes:
            return
        y, x = self.low + 4, self.look.left
        self.sheet.path([(x, y), (x + 0.4 * self.width, y)])
        for line in self.notes:
            y += self._note_leading
            draw_line(self.sheet, x, y, line, self.width, "left")
        self.notes = []
