"""Pages as DocTags, the markup of docling (serializer and tokens of docling-core 2.104).

Boxes are `<loc_n>` tokens from 0 to 499: left, top, right, bottom. DocTags has no escape, and
docling's parser drops what it takes for a tag: `<` before a letter in a text, any `<` in a table.
There, formulas have `\\lt`, and a page with another `<` is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from renderers.roles import BLOCKS
from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.formulas import display_source
from vary_data.targets.pages.page import SHAPES, Block, Page
from vary_data.targets.tables.otsl import otsl, parse_otsl
from vary_data.targets.tables.table import Table

GRID = 500
READ_AS: dict[str, str | None] = {"reference": "text", "form": None}
"""Tags in place of those that docling serializes but its parser does not read."""
_TAG = re.compile(r"<[a-zA-Z_/]")
_FORMULA = re.compile(r"(\\\(.*?\\\))", re.DOTALL)

_OPENING = re.compile(r"\s*<([a-z]+(?:_[a-z]+)*(?:_\d)?)>")
_LIST = re.compile(r"</?(?:un)?ordered_list>\n?")
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_LOCATION = re.compile(r"<loc_(\d{1,9})>")


def doctags(page: Page) -> str:
    """The page as one `doctag` element, a line for each block.

    Raises:
        Rejected: a text contains a tag, or the cells of a table are not known.
    """
    owned: dict[int, list[Block]] = {}
    for block in page.blocks:
        if block.role == "caption" and block.parent is not None:
            owned.setdefault(block.parent, []).append(block)
    return "\n".join(["<doctag>", *_lines(page, owned), "</doctag>"])


def _lines(page: Page, owned: dict[int, list[Block]]) -> Iterator[str]:
    open_list = ""
    for index, block in enumerate(page.blocks):
        name = READ_AS.get(block.role, BLOCKS[block.role].doctags)
        if name is None or (block.role == "caption" and block.parent is not None):
            continue
        wanted = ""
        if name == "list_item":
            wanted = "ordered_list" if block.is_ordered else "unordered_list"
        if wanted != open_list:
            if open_list:
                yield f"</{open_list}>"
            if wanted:
                yield f"<{wanted}>"
            open_list = wanted
        yield _element(block, name, page, owned.get(index, []))
    if open_list:
        yield f"</{open_list}>"


def _element(block: Block, name: str, page: Page, captions: list[Block]) -> str:
    body = _location(block, page)
    if block.role == "table":
        if block.table is None:
            raise Rejected("no-cells", "the cells of a table are not known")
        name = "otsl"
        cells = [replace(c, text=_without_less_than(c.text)) for c in block.table.cells]
        if any("<" in cell.text for cell in cells):
            raise Rejected("tags", "a cell of a table contains <")
        body += otsl(Table.of(cells))
    elif block.role == "formula":
        body += _checked(_less_than(display_source(block.text)))
    elif block.role in ("code", "algorithm"):
        body += "<_unknown_>" + _checked(block.text)
    elif block.role == "list_item":
        body += _checked(block.item_text)
    elif block.role not in SHAPES:
        body += _checked(block.text)
    if name == "section_header":
        name = f"section_header_level_{max(1, min(6, block.level))}"
    inner = "".join(f"<caption>{_location(c, page)}{_checked(c.text)}</caption>" for c in captions)
    return f"<{name}>{body}{inner}</{name}>"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a text of DocTags: its tag, its box on the grid, and what is in it."""

    name: str
    box: tuple[int, ...]
    text: str = ""
    table: Table | None = None
    captions: tuple[str, ...] = ()


def parse_doctags(text: str) -> list[Element]:
    """The elements of a text in this form, without the tags around lists.

    Raises:
        Rejected: it is no DocTags.
    """
    body = text.strip()
    if not (body.startswith("<doctag>") and body.endswith("</doctag>")):
        raise Rejected("doctags", "the text is not one doctag element")
    found = []
    body = _LIST.sub("", body.removeprefix("<doctag>").removesuffix("</doctag>"))
    position = 0
    while match := _OPENING.match(body, position):
        name = match[1]
        end = body.find(f"</{name}>", match.end())
        if end < 0:
            break
        inner, position = body[match.end() : end], end + len(name) + 3
        last = inner.rfind("</caption>") + 1  # past it, no caption is looked for in vain
        captions = (
            tuple(
                _LOCATION.sub("", caption[1]) for caption in _CAPTION.finditer(inner, 0, last + 9)
            )
            if last
            else ()
        )
        inner = _CAPTION.sub("", inner[: last + 9]) + inner[last + 9 :] if last else inner
        box = tuple(int(value) for value in _LOCATION.findall(inner))
        inner = _LOCATION.sub("", inner).removeprefix("<_unknown_>")
        table = parse_otsl(inner) if name == "otsl" else None
        found.append(Element(name, box, "" if table else inner, table, captions))
    if body[position:].strip():
        raise Rejected("doctags", "there is text outside of elements")
    return found


def _less_than(formula: str) -> str:
    """A formula with a command instead of the character."""
    return re.sub(r"(?<!\\)<", r"\\lt ", formula)


def _without_less_than(text: str) -> str:
    """A text whose formulas have a command instead of the character."""
    pieces = _FORMULA.split(text)
    return "".join(_less_than(piece) if i % 2 else piece for i, piece in enumerate(pieces))


def _checked(text: str) -> str:
    text = _without_less_than(text)
    if _TAG.search(text):
        raise Rejected("tags", f"the text {text[:60]!r} contains a tag of the form")
    return text


def _location(block: Block, page: Page) -> str:
    x0, y0, x1, y1 = block.box
    values = (x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height)
    return "".join(f"<loc_{max(0, min(GRID - 1, round(GRID * v)))}>" for v in values)
