"""Pages with text at exact places, as TeX sets them: every word is placed, no space is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pymupdf
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

Ink = tuple[float, float, float]
BLACK: Ink = (0.0, 0.0, 0.0)


class Face:
    """A font file: glyphs and their widths, as shares of the font size."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._font = pymupdf.Font(fontfile=str(path))
        self._glyphs: dict[str, tuple[int, float]] = {}
        self._sides: dict[str, tuple[float, float]] = {}

    def glyph(self, character: str) -> tuple[int, float]:
        """Number and width of a character's glyph; the number is 0 if the font has none."""
        if character not in self._glyphs:
            code = ord(character)
            found = self._font.has_glyph(code) or 0
            self._glyphs[character] = found, self._font.glyph_advance(code) if found else 0.0
        return self._glyphs[character]

    def width(self, text: str) -> float:
        return sum(self.glyph(c)[1] for c in text)

    def sides(self, character: str, others: Iterable[str] = ()) -> tuple[float, float]:
        """Where the ink of a character that the face has begins and ends; MuPDF tells only the
        bounds of all glyphs. `others` are measured with it, because opening a face takes long."""
        if character not in self._sides:
            with TTFont(self.path, fontNumber=0, lazy=True) as font:
                glyphs, unit = font.getGlyphSet(), font["head"].unitsPerEm
                for each in {character, *others}:
                    pen = BoundsPen(glyphs)
                    glyphs[font.getGlyphName(self.glyph(each)[0])].draw(pen)
                    begin, _, end, _ = pen.bounds or (0, 0, 0, 0)
                    self._sides[each] = begin / unit, end / unit
        return self._sides[character]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one face; `x` and `rise` [points] are from the box's start and the line."""

    face: Face
    size: float
    text: str
    x: float = 0.0
    rise: float = 0.0
    ink: Ink = BLACK


@dataclass(slots=True)
class Sheet:
    """The pages of a document; lengths in points, y downwards."""

    width: float
    height: float
    ink: Ink = BLACK
    """Of lines and frames that have none of their own."""
    _document: pymupdf.Document = field(default_factory=pymupdf.open)
    _names: dict[Path, str] = field(default_factory=dict)
    _shapes: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _pages: list[bytes] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Finished pages."""
        return len(self._pages)

    def run(self, x: float, y: float, run: Run) -> None:
        """Draw a run whose box starts at (x, y), on the line."""
        name = self._names.setdefault(run.face.path, f"F{len(self._names)}")
        glyphs = "".join(f"{run.face.glyph(c)[0]:04x}" for c in run.text)
        self._texts.append(
            f"{_ink(run.ink)} rg /{name} {run.size:.2f} Tf "
            f"1 0 0 1 {x + run.x:.2f} {self.height - y + run.rise:.2f} Tm <{glyphs}> Tj"
        )

    def area(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """A filled rectangle; (x, y) is its upper left corner."""
        self._shapes.append(
            f"{_ink(ink)} rg {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f"
        )

    def path(
        self, points: Sequence[tuple[float, float]], ink: Ink | None = None, width: float = 0.4
    ) -> None:
        """A line through points."""
        ink = self.ink if ink is None else ink
        steps = " ".join(
            f"{x:.2f} {self.height - y:.2f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points)
        )
        self._shapes.append(f"{_ink(ink)} RG {width:.2f} w {steps} S")

    def frame(
        self, x: float, y: float, width: float, height: float, ink: Ink | None = None
    ) -> None:
        """The outline of a rectangle."""
        right, low = x + width, y + height
        self.path([(x, y), (right, y), (right, low), (x, low), (x, y)], ink)

    def mark(self) -> tuple[int, int]:
        """The place in the page's drawing order that `lower` begins at."""
        return len(self._shapes), len(self._texts)

    def lower(self, mark: tuple[int, int], by: float) -> None:
        """Move what was drawn since `mark` down the page."""
        shapes, texts = mark
        moved = f"q 1 0 0 1 0 {-by:.2f} cm"
        self._shapes[shapes:] = [moved, *self._shapes[shapes:], "Q"]
        # graphics states are not saved within a text object
        self._texts[texts:] = [f"ET {moved} BT", *self._texts[texts:], "ET Q BT"]

    def discard(self) -> None:
        """Leave out what was drawn since the last finished page."""
        self._shapes, self._texts = [], []

    def finish_page(self) -> None:
        text = f"BT {' '.join(self._texts)} ET" if self._texts else ""
        self._pages.append(" ".join([*self._shapes, text]).encode("ascii"))
        self._shapes, self._texts = [], []

    def pdf(self) -> bytes:
        """The finished pages as a file."""
        document = self._document
        for _ in self._pages:
            document.new_page(width=self.width, height=self.height)
        first = document[0]
        fonts = " ".join(
            f"/{name} {first.insert_font(fontname=name, fontfile=str(path))} 0 R"
            for path, name in self._names.items()
        )
        for number, content in enumerate(self._pages):
            page = document[number]
            xref = document.get_new_xref()
            document.update_object(xref, "<<>>")
            document.update_stream(xref, content)
            document.xref_set_key(page.xref, "Resources", f"<</Font<<{fonts}>>>>")
            document.xref_set_key(page.xref, "Contents", f"{xref} 0 R")
        data: bytes = document.tobytes()
        document.close()
        return data


def _ink(ink: Ink) -> str:
    return " ".join(f"{value:.2f}" for value in ink)
