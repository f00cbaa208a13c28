"""A page of 32 x 24 pixels with a title, a turned paragraph, and a table with spans."""

from __future__ import annotations

from typing import Any


def cell(
    box: list[float], text: str, row: int, column: int, rowspan: int = 1, colspan: int = 1
) -> dict[str, Any]:
    spans = {"row": row, "column": column, "rowspan": rowspan, "colspan": colspan}
    return {"bbox": box, "text": text, "role": "cell", "parent": 3, "header": row == 0, **spans}


REGIONS: list[dict[str, Any]] = [
    {"bbox": [2.0, 1.0, 20.0, 4.0], "text": "Ferries", "role": "title"},
    {"bbox": [2.0, 1.0, 20.0, 4.0], "text": "Ferries", "role": "line", "parent": 0},
    {
        "bbox": [21.0, 1.0, 31.0, 9.0],
        "quad": [21.0, 5.0, 26.0, 1.0, 31.0, 5.0, 26.0, 9.0],
        "text": "Turned",
        "role": "paragraph",
    },
    {"bbox": [2.0, 8.0, 18.0, 20.0], "text": "Table", "role": "table"},
    cell([2.0, 8.0, 18.0, 12.0], "To all", 0, 0, colspan=2),
    cell([2.0, 12.0, 10.0, 20.0], "North", 1, 0, rowspan=2),
    cell([10.0, 12.0, 18.0, 16.0], "7:15", 1, 1),
    cell([10.0, 16.0, 18.0, 20.0], "", 2, 1),
    {"bbox": [2.0, 21.0, 9.0, 23.0], "text": "Table 1", "role": "caption", "parent": 3},
    {"bbox": [28.0, 21.0, 30.0, 23.0], "text": "4", "role": "line_number"},
]
PAGE = {
    "text": "Ferries\nTurned\nTable",
    "regions": [{"order": i, **region} for i, region in enumerate(REGIONS)],
}
