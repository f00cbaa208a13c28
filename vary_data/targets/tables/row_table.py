"""The table of a row, from the cells among its regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renderers.roles import CELL
from vary_data.dataset.region_tree import cells
from vary_data.dataset.rejection import Rejected
from vary_data.targets.regions import sound_regions
from vary_data.targets.tables.table import Table, TableCell, clean


def table_of(row: Mapping[str, Any]) -> Table:
    """The table of a row of the kind `table`.

    Raises:
        Rejected: `no-cells` if the cells are not known, `cells` if they do not tile a grid.
    """
    regions = sound_regions(row)
    for index, region in enumerate(regions):
        if region["role"] == "table":
            return table_at(regions, index)
    raise Rejected("no-cells", "the row has no table with cells")


def table_at(regions: Sequence[Mapping[str, Any]], index: int) -> Table:
    """The table of the region at this index, as `table_of`."""
    return Table.of(
        TableCell(
            cell["row"],
            cell["column"],
            clean(cell["text"] or ""),
            cell["rowspan"] or 1,
            cell["colspan"] or 1,
            bool(cell["header"]),
        )
        for cell in _placed(regions, index)
    )


def _placed(regions: Sequence[Mapping[str, Any]], index: int) -> list[Mapping[str, Any]]:
    """The cells of a table, if all have a place."""
    found = [r for r in regions if r["parent"] == index and r["role"] == CELL]
    if not all(isinstance(r[name], int) for r in found for name in ("row", "column")):
        raise Rejected("cells", "a cell has no row or column")
    return cells(regions, index)
