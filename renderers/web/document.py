"""The document value of a browser page: blocks in reading order, as plain frozen values.

A page is a tree of blocks. Blocks with text have a role of the dataset (`title`, `paragraph`, …);
groups have none and only arrange their blocks. `look` names the CSS class of an element. What
happens to be visible is decided by the layout: a group with `flow` may end before its blocks do,
as a page of a book ends before the book; everything else must be visible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.picture import Region
from renderers.web.formulas import Math


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style: empty, or a name of `SPAN_TAGS`.

    `reading` is printed above the text in small letters (ruby); it is no part of the truth.
    """

    text: str
    style: str = ""
    reading: str = ""


SPAN_TAGS = {
    "": "",
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "code": "code",
    "link": "a",
    "sup": "sup",
    "sub": "sub",
    "mark": "mark",
}


@dataclass(frozen=True, slots=True)
class InlineFormula:
    """A formula within a line."""

    math: Math


Inline = Span | InlineFormula
Text = tuple[Inline, ...]


def text(*parts: str | Inline) -> Text:
    """A text of plain strings and spans; empty strings are left out."""
    return tuple(Span(p) if isinstance(p, str) else p for p in parts if p != "")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of running text. `level` is that of a section header, from 1."""

    content: Text
    role: str = "paragraph"
    look: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class ListItem:
    """`marker` is printed before the item, e.g. `•` or `2.`; `blocks` follow it (nested lists)."""

    marker: str
    content: Text
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; `level` is its nesting, from 1."""

    items: tuple[ListItem, ...]
    look: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table; `align` is empty, `center` or `end`."""

    content: Text
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    align: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. Slots that a span covers are left out, as in HTML."""

    rows: tuple[tuple[TableCell, ...], ...]
    caption: Text = ()
    caption_below: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class Art:
    """A drawing without text: `kind` is a name of `renderers.web.art.DRAWINGS`.

    `ratio` is its height by its width.
    """

    kind: str
    seed: int
    ratio: float = 0.66


@dataclass(frozen=True, slots=True)
class Inset:
    """A picture of another renderer, with its truth: encoded, `width` by `height` pixels, of which
    `density` are in a pixel of the page.

    `role` is `chart` or `figure`. `text` is what it shows, and `form` how that is written: the
    `dict` of a chart, the `smiles` of a molecule; both are empty for a photograph. `regions` are
    its parts in its own pixels, in reading order; the parent of a part is its place among them,
    or None.
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    density: float = 1.0
    role: str = "figure"
    text: str = ""
    form: str = ""
    regions: tuple[Region, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing or picture and the caption below it."""

    art: Art | Inset
    caption: Text = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class DisplayFormula:
    """A formula on a line of its own, with an equation number if `tag` is not empty."""

    math: Math
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of program text, with their spaces."""

    lines: tuple[str, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value; a value without text is a field that was left empty."""

    key: Text
    value: Text = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A box, ticked or not, with its label."""

    label: Text
    checked: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Pairs, check boxes and other blocks that belong together."""

    blocks: tuple[Block, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line or an empty space without text, such as the lines for an answer."""

    look: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Leader:
    """A line of a contents page: text, dots, page number."""

    content: Text
    number: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that are arranged together by the class `look`. With `flow` they are set in
    `columns` columns of a fixed height, and what does not fit is not on the page."""

    blocks: tuple[Block, ...]
    look: str = ""
    flow: bool = False
    columns: int = 1
    style: str = ""
    """CSS custom properties of this group, for example `--share: 2`."""


Block = (
    TextBlock
    | ItemList
    | Table
    | Figure
    | DisplayFormula
    | Code
    | Pair
    | CheckBox
    | Form
    | Rule
    | Leader
    | Group
)


@dataclass(frozen=True, slots=True)
class PageStyle:
    """How a page looks. `look` is the name of a file in `looks/` without `.css`.

    `width` and `height` are the sheet in pixels; a sheet without a height is as tall as its
    content, at most `max_height`. `size` is the size of the body text in pixels; families are
    names of installed fonts. `variables` are CSS custom properties of the sheet, by name.
    """

    look: str
    width: int
    height: int | None
    max_height: int
    size: float
    body: str
    head: str
    mono: str
    variables: dict[str, str] = field(default_factory=dict)
    vertical: bool = False
    hyphenated: bool = False
    """Whether words may be broken at the ends of lines, with a hyphen."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page: its genre, language (BCP 47) and blocks in reading order."""

    genre: str
    lang: str
    blocks: tuple[Block, ...]


def plain(content: Sequence[Inline]) -> str:
    """The text of a block without styles; formulas as LaTeX between `\\(` and `\\)`."""
    return "".join(
        part.text if isinstance(part, Span) else f"\\({part.math.latex}\\)" for part in content
    )
