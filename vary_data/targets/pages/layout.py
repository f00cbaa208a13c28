"""Pages as layout: blocks with boxes, as models and benchmarks write them.

Sources of the forms:
    dots.ocr      the prompt `prompt_layout_all_en` of rednote-hilab/dots.ocr: bbox in pixels,
                  DocLayNet's categories, formulas as LaTeX, tables as HTML, the rest as Markdown
    Qwen-VL       `bbox_2d` and `label`; pixels for Qwen2.5-VL, 0 to 1000 for Qwen3-VL
    DeepSeek-OCR  `<|ref|>` label, `<|det|>` boxes from 0 to 999, and Markdown, as its documented
                  answers to `<|grounding|>Convert the document to markdown.`
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from renderers.roles import BLOCKS
from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.formulas import display_source
from vary_data.targets.pages.page import FURNITURE, SHAPES, Block, Page
from vary_data.targets.pages.text import markdown_block
from vary_data.targets.tables.html import html as table_html

DEEPSEEK = {
    "title": "title",
    "section_header": "sub_title",
    "table": "table",
    "formula": "equation",
    "figure": "image",
    "chart": "image",
}
"""Labels of DeepSeek-OCR; captions have that of their parent, everything else is `text`."""


def dots(page: Page) -> str:
    """The layout JSON of dots.ocr: a list of bbox, category and text, in reading order."""
    return json.dumps(list(_dots(page)), ensure_ascii=False)


def _dots(page: Page) -> Iterator[dict[str, Any]]:
    for block in page.blocks:
        category = BLOCKS[block.role].doclaynet
        if category is None:
            continue
        entry: dict[str, Any] = {"bbox": pixels(block, page), "category": category}
        if category != "Picture":
            entry["text"] = content(block)
        yield entry


def qwen(page: Page) -> str:
    """Qwen2.5-VL's grounding: boxes in pixels of the picture."""
    return json.dumps(_qwen(page, (page.width, page.height)), ensure_ascii=False)


def qwen_1000(page: Page) -> str:
    """Qwen3-VL's grounding: boxes from 0 to 1000."""
    return json.dumps(_qwen(page, (1000, 1000)), ensure_ascii=False)


def _qwen(page: Page, size: tuple[int, int]) -> list[dict[str, Any]]:
    entries = []
    for block in page.blocks:
        label = BLOCKS[block.role].doclaynet
        if label is not None:
            entry: dict[str, Any] = {"bbox_2d": scaled(block, page, size), "label": label}
            if block.role not in SHAPES:
                entry["text_content"] = content(block)
            entries.append(entry)
    return entries


def deepseek(page: Page) -> str:
    """DeepSeek-OCR's Markdown with a label and a box before each block."""
    return "\n\n".join(_deepseek(page))


def _deepseek(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if block.role in FURNITURE:
            continue
        label = DEEPSEEK.get(block.role, "text")
        text = "" if block.role in SHAPES else content(block)
        if block.role == "formula":
            text = f"\\[\n{display_source(block.text)}\n\\]"
        parent = page.parent(block)
        if block.role == "caption" and parent is not None:
            is_table = parent.role == "table"
            label = "table_caption" if is_table else "image_caption"
            text = f"<center>{block.text}</center>"
        if any(mark in text for mark in ("<|ref|>", "<|det|>")):
            raise Rejected("tags", "a text contains a tag of the form")
        box = scaled(block, page, (999, 999))
        yield f"<|ref|>{label}<|/ref|><|det|>[{box}]<|/det|>\n{text}".rstrip()


def content(block: Block) -> str:
    """The text of a block: tables as HTML, formulas as LaTeX, the rest as Markdown.

    Raises:
        Rejected: the cells of a table are not known.
    """
    if block.table is not None:
        return table_html(block.table)
    if block.role == "formula":
        return display_source(block.text)
    return markdown_block(block).strip()


def pixels(block: Block, page: Page) -> list[int]:
    """The box in whole pixels, inside the picture."""
    return scaled(block, page, (page.width, page.height))


def scaled(block: Block, page: Page, size: tuple[int, int]) -> list[int]:
    """The box on a grid of this size, in whole numbers from 0 to the size."""
    x0, y0, x1, y1 = block.box
    width, height = size
    xs = (round(x * width / page.width) for x in (x0, x1))
    ys = (round(y * height / page.height) for y in (y0, y1))
    (left, right), (top, bottom) = xs, ys
    return [
        max(0, min(width, left)),
        max(0, min(height, top)),
        max(0, min(width, right)),
        max(0, min(height, bottom)),
    ]
