"""Pages as text: plain, Mathpix Markdown, and GitHub Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.formulas import display_source, dollars
from vary_data.targets.pages.page import SHAPES, Block, Page
from vary_data.targets.tables.markdown import markdown as table_markdown

MAX_LEVEL = 6
_SPECIAL = re.compile(r"([\\`*]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!])|&(?=#?\w+;))")
_LINE_START = re.compile(r"^(#{1,6} |[-+>](?= )|\d+(?=[.)] ))")
_FORMULA = re.compile(r"(\\\(.*?\\\))", re.DOTALL)


def plain(page: Page) -> str:
    """The ground truth if it is plain text; else the texts of the blocks, a blank line between."""
    if page.format == "plain":
        return page.text
    return "\n\n".join(filter(None, (_plain(block) for block in page.flow())))


def _plain(block: Block) -> str:
    if block.role in SHAPES:
        return ""
    if block.table is not None:
        return "\n".join(" ".join(filter(None, row)) for row in block.table.texts())
    return block.text


def mmd(page: Page) -> str:
    """The ground truth of pages of LaTeX.

    Raises:
        Rejected: the ground truth is in another format.
    """
    if page.format != "mmd":
        raise Rejected("no-such-form", "only LaTeX pages have Mathpix Markdown")
    return page.text


def markdown(page: Page) -> str:
    """The ground truth if it is Markdown; else the blocks, formulas in dollars."""
    if page.format == "markdown":
        return page.text
    parts = [(block, markdown_block(block)) for block in page.flow()]
    return "".join(_spaced((block, text) for block, text in parts if text))


def _spaced(parts: Iterator[tuple[Block, str]]) -> Iterator[str]:
    """Texts with a blank line between, or a line break between the items of a list."""
    before = ""
    for block, text in parts:
        if before:
            yield "\n" if before == block.role == "list_item" else "\n\n"
        yield text
        before = block.role


def markdown_block(block: Block) -> str:
    """A block as GitHub Markdown; empty for pictures."""
    if block.role in SHAPES:
        return ""
    if block.table is not None:
        return table_markdown(block.table)
    match block.role:
        case "title":
            return f"# {escaped(block.text)}"
        case "section_header":
            return f"{'#' * min(MAX_LEVEL, block.level + 1 or 2)} {escaped(block.text)}"
        case "list_item":
            mark = f"{block.text.split()[0]}" if _is_markdown_number(block) else "-"
            indent = "  " * (max(1, block.level) - 1)
            return f"{indent}{mark} {escaped(block.item_text)}"
        case "formula":
            return f"$$\n{display_source(block.text)}\n$$"
        case "code" | "algorithm":
            fence = "````" if "```" in block.text else "```"
            return f"{fence}\n{block.text}\n{fence}"
        case "table":
            raise Rejected("no-cells", "the cells of a table are not known")
    return escaped(block.text)


def _is_markdown_number(block: Block) -> bool:
    return bool(re.match(r"\d{1,3}[.)] ", block.text))


def escaped(text: str) -> str:
    """A text whose formulas are in dollars and whose other characters are no markup.

    Brackets stay: models read `\\[` as the start of a formula.
    """
    pieces = _FORMULA.split(text)
    text = "".join(
        piece if i % 2 else _SPECIAL.sub(r"\\\1", piece) for i, piece in enumerate(pieces)
    )
    return _LINE_START.sub(r"\\\1", dollars(text))
