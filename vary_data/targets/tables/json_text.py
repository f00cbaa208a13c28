"""Tables as JSON: the size of the grid, and the cells with their place.

    {"rows": 2, "columns": 2, "cells": [{"row": 0, "column": 0, "text": "Year", "header": true}, …]}

Spans of 1 and `"header": false` are left out.
"""

from __future__ import annotations

import json
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.table import Table, TableCell, clean


def json_text(table: Table) -> str:
    """The table as JSON on one line."""
    cells = [_plain(cell) for cell in table.cells]
    data = {"rows": table.rows, "columns": table.columns, "cells": cells}
    return json.dumps(data, ensure_ascii=False)


def _plain(cell: TableCell) -> dict[str, Any]:
    plain: dict[str, Any] = {"row": cell.row, "column": cell.column, "text": cell.text}
    if cell.rowspan > 1:
        plain["rowspan"] = cell.rowspan
    if cell.colspan > 1:
        plain["colspan"] = cell.colspan
    if cell.header:
        plain["header"] = True
    return plain


def parse_json_table(text: str) -> Table:
    """The table of a JSON text in this form.

    Raises:
        Rejected: it is none.
    """
    try:
        cells = [
            TableCell(
                int(cell["row"]),
                int(cell["column"]),
                clean(str(cell["text"])),
                int(cell.get("rowspan", 1)),
                int(cell.get("colspan", 1)),
                bool(cell.get("header")),
            )
            for cell in json.loads(text)["cells"]
        ]
    except (
        ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError,
    ) as error:  # fmt: skip
        raise Rejected("json", f"no table: {error}") from None
    return Table.of(cells)
