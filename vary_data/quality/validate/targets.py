"""Checks rows of `vary-data retarget`: their text follows from the truth that they keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vary_data.base.errors import ToolMissing
from vary_data.dataset.rejection import Rejected
from vary_data.quality.validate.picture import RowProblem
from vary_data.targets.target import META_KEY, written_anew


def check_target(row: Mapping[str, Any], meta: Mapping[str, Any]) -> Iterator[RowProblem]:
    """Nothing for rows with their own truth."""
    entry = meta.get(META_KEY)
    if entry is None:
        return
    try:
        expected = written_anew(row)
    except ToolMissing:
        return
    except (Rejected, ValueError) as error:
        yield "target", f"the text cannot be made from its truth: {error}"
        return
    if expected != row["text"]:
        yield "target", f"the text is not the {entry['form']} of its truth"
