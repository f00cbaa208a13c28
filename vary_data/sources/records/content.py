"""Content of plain data by users: a record, or a table with a header."""

from __future__ import annotations

from typing import Any

import numpy as np

from vary_data.sources.charts.content import ChartContent
from vary_data.sources.records.convert import record_content
from vary_data.sources.records.models import parse_record
from vary_data.sources.records.tables import is_table, table_record


def content_of(value: Any, lang: str, rng: np.random.Generator | None = None) -> ChartContent:
    """The content of a record or table.

    Raises:
        RecordProblem: something is wrong with it.
    """
    record = table_record(value) if is_table(value) else parse_record(value)
    return record_content(record, lang, rng)
