"""Pages in the annotation format of OmniDocBench (the format of its data set card, version 1.6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from renderers.roles import omnidocbench as category_of
from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.formulas import display_source
from vary_data.targets.pages.page import SHAPES, Block, Line, Page
from vary_data.targets.tables.html import html
from vary_data.targets.tables.latex import latex

LANGUAGES = {"en": "english", "zh": "simplified_chinese"}
TEXT_LANGUAGES = {"en": "text_en", "zh": "text_simplified_chinese"}


def omnidocbench(page: Page) -> str:
    """One entry of the list that is a file of OmniDocBench; `image_path` is empty.

    `anno_id` is the place of a block, `order` its place in reading order; the number of a formula
    is an entry of its own, `equation_caption`.

    Raises:
        Rejected: `no-such-form` for languages that the format does not know.
    """
    if page.lang not in LANGUAGES:
        raise Rejected("no-such-form", f"OmniDocBench has no pages in {page.lang!r}")
    dets: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    extra: list[tuple[int, Line]] = []
    for index, block in enumerate(page.blocks):
        parent = page.parent(block)
        category = category_of(block.role, parent.role if parent else None)
        if category is None:
            continue
        dets.append(_entry(block, index, category, page))
        if parent is not None and block.parent is not None:
            relations.append(_relation(block.parent, index, "parent_son"))
        if block.continues is not None:
            relations.append(_relation(block.continues, index, "truncated"))
        extra += [(index, tag) for tag in block.tags]
    for number, (owner, tag) in enumerate(extra, len(page.blocks)):
        entry = {"category_type": "equation_caption", "poly": _poly(tag.corners), "ignore": False}
        dets.append({**entry, "order": None, "anno_id": number, "text": tag.text})
        relations.append(_relation(owner, number, "parent_son"))
    info = {
        "page_no": 0,
        "height": page.height,
        "width": page.width,
        "image_path": "",
        "page_attribute": {"language": LANGUAGES[page.lang]},
    }
    entry = {"layout_dets": dets, "page_info": info, "extra": {"relation": relations}}
    return json.dumps(entry, ensure_ascii=False)


def _entry(block: Block, index: int, category: str, page: Page) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "category_type": category,
        "poly": _poly(block.corners),
        "ignore": False,
        "order": index,
        "anno_id": index,
    }
    if block.role == "table":
        if block.table is not None:
            entry |= {"html": html(block.table), "latex": latex(block.table)}
            entry["attribute"] = {"with_span": block.table.spans}
    elif block.role == "formula":
        entry["latex"] = f"$${display_source(block.text)}$$"
    elif block.role not in SHAPES:
        entry["text"] = block.text
        entry["attribute"] = {"text_language": TEXT_LANGUAGES[page.lang]}
        entry["line_with_spans"] = [
            {
                "category_type": "text_span",
                "poly": _poly(line.corners),
                "ignore": False,
                "text": line.text,
            }
            for line in block.lines
        ]
    return entry


def _poly(corners: Sequence[float]) -> list[float]:
    return [round(value, 1) for value in corners]


def _relation(source: int, target: int, kind: str) -> dict[str, Any]:
    name = "relation" if kind == "parent_son" else "relation_type"
    return {"source_anno_id": source, "target_anno_id": target, name: kind}
