"""What a genre gives: blocks, and the sheet that they are made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from renderers.web.document import Block, Inline, Span, Text, TextBlock, text
from vary_data.sources.prose.prose import Prose

EMPHASIS = 0.35
"""Share of the paragraphs with words in another style."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper in points. Without a `height` it is as tall as its content, at most `longest`
    times as tall as wide. `size` is that of the body text in points."""

    width: float
    height: float | None
    size: float
    longest: float = 2.4

    @property
    def tallest(self) -> float:
        """The greatest height of the paper, in points."""
        return self.height if self.height is not None else self.longest * self.width


@dataclass(frozen=True, slots=True)
class Composition:
    """A page of a genre before its look is chosen.

    `body` and `head` are the styles of families that the genre uses, by preference (`serif`,
    `sans`, `mono`, `kai`, `narrow`); `variables` are CSS custom properties.
    """

    blocks: tuple[Block, ...]
    sheet: Sheet
    body: tuple[str, ...] = ("serif", "sans")
    head: tuple[str, ...] = ("serif", "sans")
    variables: Mapping[str, str] = field(default_factory=dict)
    vertical: bool = False
    looks: tuple[str, ...] = ()
    """The looks that it may have; all of its genre if empty."""


def a4(prose: Prose, size: tuple[float, float] = (9.5, 12.0)) -> Sheet:
    """A sheet of A4 or US letter, upright."""
    width, height = prose.pick(((595, 842), (595, 842), (612, 792)))
    return Sheet(float(width), float(height), prose.rng.uniform(*size))


def accent(prose: Prose, lightness: tuple[int, int] = (22, 42)) -> str:
    """A strong color that white text can be read on."""
    hue, depth = prose.whole(0, 359), prose.whole(35, 75)
    return f"hsl({hue},{depth}%,{prose.whole(*lightness)}%)"


def rich(prose: Prose, plain: str, styles: tuple[str, ...] = ("bold", "italic")) -> Text:
    """A text with a few words in another style."""
    if not prose.chance(EMPHASIS):
        return text(plain)
    parts: list[Inline] = []
    if prose.language.wide:
        at = prose.whole(0, max(0, len(plain) - 6))
        end = at + prose.whole(2, 5)
        if not plain[at:end].isalnum():
            return text(plain)
        parts = [Span(plain[:at]), Span(plain[at:end], prose.pick(styles)), Span(plain[end:])]
    else:
        words = plain.split(" ")
        at = prose.whole(0, len(words) - 1)
        end = at + prose.whole(1, 3)
        parts = [
            Span(" ".join([*words[:at], ""])),
            Span(" ".join(words[at:end]), prose.pick(styles)),
            Span(" ".join(["", *words[end:]])),
        ]
    return tuple(part for part in parts if isinstance(part, Span) and part.text)


def capacity(prose: Prose, width: float, height: float, size: float, leading: float = 1.35) -> int:
    """About how many characters fit on an area."""
    per_line = width / (size * prose.language.character_width)
    return max(40, int(per_line * height / (size * leading)))


def heading_size(prose: Prose, plain: str, width: float, size: float, wanted: float) -> float:
    """The size of a heading by that of the body text, at which its longest word fits a column."""
    longest = 4 if prose.language.wide else max(map(len, plain.split()))
    return max(0.9, min(wanted, width / (longest * size * prose.language.character_width * 1.6)))


def running_text(
    prose: Prose,
    characters: int,
    sentences: tuple[int, int] = (2, 5),
    styles: tuple[str, ...] = ("bold", "italic"),
    look: str = "",
) -> list[TextBlock]:
    """Paragraphs of about so many characters in all."""
    found: list[TextBlock] = []
    while characters > 0:
        plain = prose.paragraph(*sentences)
        characters -= len(plain)
        found.append(TextBlock(rich(prose, plain, styles), look=look))
    return found


def header(plain: str, level: int = 1, look: str = "") -> TextBlock:
    """A section heading; level 1 is directly below the title."""
    return TextBlock(text(plain), "section_header", look, level)


def line(plain: str, role: str = "paragraph", look: str = "") -> TextBlock:
    """A block of one plain text."""
    return TextBlock(text(plain), role, look)


def length(block: TextBlock) -> int:
    """The characters of a block, without its formulas."""
    return sum(len(part.text) for part in block.content if isinstance(part, Span))
