"""Rows of small pages, from lists of blocks."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.targets.random_tables import random_table
from vary_data.targets.tables.table import Table

FIELDS = ("quad", "parent", "level", "row", "column", "rowspan", "colspan", "header", "continues")


def region(
    role: str, text: str, box: tuple[float, ...], order: int, **given: Any
) -> dict[str, Any]:
    found = {"bbox": list(box), "text": text, "role": role, "order": order}
    return found | dict.fromkeys(FIELDS) | given


def page_row(blocks: list[tuple[Any, ...]], lang: str = "en", text: str = "") -> dict[str, Any]:
    """A row of (role, text or Table, fields) one below the other, with a line for each text."""
    regions: list[dict[str, Any]] = []
    y = 20.0
    for role, content, *rest in blocks:
        fields = dict(rest[0]) if rest else {}
        box = (40.0, y, 360.0, y + 18)
        index = len(regions)
        plain = content if isinstance(content, str) else "table"
        regions.append(region(role, plain, box, index, **fields))
        if isinstance(content, Table):
            for cell in content.cells:
                place = {"row": cell.row, "column": cell.column, "rowspan": cell.rowspan,
                         "colspan": cell.colspan, "header": cell.header}  # fmt: skip
                regions.append(region("cell", cell.text, box, len(regions), parent=index, **place))
        elif role not in ("figure", "formula"):
            regions.append(region("line", plain, box, len(regions), parent=index))
        y += 24
    return {
        "id": "page-1", "text": text or "\n".join(str(block[1]) for block in blocks),
        "kind": "latex_page", "format": "mmd", "lang": lang, "regions": regions,
        "meta": json.dumps({}), "width": 400, "height": int(y) + 20,
    }  # fmt: skip


def random_page(seed: int) -> dict[str, Any]:
    """A page of blocks of many roles, with a table and its caption."""
    rng = np.random.default_rng(seed)
    words = ("alpha", "beta-carotene", "5 %", "(see 3)", "*star*", "a_b", r"\(x<y\)", "x & y")
    blocks: list[tuple[Any, ...]] = [("title", "Title of it all")]
    roles = ("paragraph", "section_header", "list_item", "footnote", "reference", "page_number",
             "formula", "figure", "code", "caption", "table")  # fmt: skip
    for i in range(int(rng.integers(3, 12))):
        role = str(rng.choice(roles))
        text = f"{i} " + " ".join(rng.choice(words, rng.integers(1, 6)))
        fields: dict[str, Any] = {}
        if role == "section_header":
            fields = {"level": int(rng.integers(1, 7))}
        if role == "list_item":
            fields = {"level": 1}
            text = f"{rng.choice(['•', f'{i}.'])} {text}"
        if role == "formula":
            text = f"\\[\nx_{{{i}}}<y\n\\]"
        if role == "figure":
            text = ""
        blocks.append((role, random_table(rng) if role == "table" else text, fields))
    return page_row(blocks)
