"""Pages as HTML: an element for each block; formulas stay LaTeX in `\\( \\)` and `\\[ \\]`."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.page import Block, Page
from vary_data.targets.pages.text import MAX_LEVEL
from vary_data.targets.tables.html import html as table_html


def html(page: Page) -> str:
    """The blocks of the text, one element a line; nested lists are nested."""
    return "\n".join(_elements(list(page.flow())))


def _elements(blocks: list[Block]) -> Iterator[str]:
    position = 0
    while position < len(blocks):
        if blocks[position].role != "list_item":
            yield element(blocks[position])
            position += 1
            continue
        end = position
        while end < len(blocks) and blocks[end].role == "list_item":
            end += 1
        yield _list(blocks[position:end])
        position = end


def _list(items: list[Block]) -> str:
    """A list; items of a deeper level are a list in the item before them."""
    level = items[0].level
    tag = "ol" if items[0].is_ordered else "ul"
    parts, position = [f"<{tag}>"], 0
    while position < len(items):
        end = position + 1
        while end < len(items) and items[end].level > level:
            end += 1
        inner = _list(items[position + 1 : end]) if end > position + 1 else ""
        parts.append(f"<li>{_text(items[position].item_text)}{inner}</li>")
        position = end
    return "".join([*parts, f"</{tag}>"])


def element(block: Block) -> str:
    """The element of a block that is no list item.

    Raises:
        Rejected: the cells of a table are not known.
    """
    if block.table is not None:
        return table_html(block.table)
    text = _text(block.text)
    match block.role:
        case "title":
            return f"<h1>{text}</h1>"
        case "section_header":
            level = min(MAX_LEVEL, block.level + 1 or 2)
            return f"<h{level}>{text}</h{level}>"
        case "code" | "algorithm":
            return f"<pre><code>{text}</code></pre>"
        case "caption":
            return f"<figcaption>{text}</figcaption>"
        case "figure" | "chart":
            return "<figure></figure>"
        case "formula":
            return f"<div>{text}</div>"
        case "table":
            raise Rejected("no-cells", "the cells of a table are not known")
    return f"<p>{text}</p>"


def _text(text: str) -> str:
    return escape(text, quote=False)
