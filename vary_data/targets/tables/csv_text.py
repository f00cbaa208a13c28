"""Tables as CSV (RFC 4180, but lines end at a line feed). The first slot of a cell has its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.table import MAX_SLOTS, Table


def csv_text(table: Table) -> str:
    """The texts of the slots, a line for each row, without a line feed at the end."""
    return csv_rows(table.texts())


def csv_rows(rows: Sequence[Sequence[str]]) -> str:
    """CSV of rows of texts."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().removesuffix("\n")


def parse_csv(text: str, header_rows: int = 0) -> Table:
    """The table of a CSV text: cells without spans, of which the first rows are headers.

    Raises:
        Rejected: it is no CSV, or rows have different lengths.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise Rejected("csv", str(error)) from None
    if sum(map(len, rows)) > MAX_SLOTS:
        raise Rejected("cells", f"more than {MAX_SLOTS:,} slots")
    return Table.of_texts(rows, header_rows)
