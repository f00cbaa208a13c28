"""Regions of a stored row that can be relied on: files may come from anywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from vary_data.dataset.rejection import Rejected

Regions = Sequence[Mapping[str, Any]]


def sound_regions(row: Mapping[str, Any]) -> Regions:
    """The regions of a row whose boxes are numbers and whose parents form trees.

    Raises:
        Rejected: `regions`, or `size` if the size of the picture is no positive number.
    """
    if not all(isinstance(row[side], int) and row[side] > 0 for side in ("width", "height")):
        raise Rejected("size", f"{row['width']} x {row['height']} pixels")
    regions: Regions = row["regions"] or ()
    for index, region in enumerate(regions):
        if not (_is_box(region["bbox"], 4) and isinstance(region["role"], str)):
            raise Rejected("regions", f"region {index} has no box or role")
        if region.get("quad") is not None and not _is_box(region["quad"], 8):
            raise Rejected("regions", f"region {index} has a wrong quad")
        if not isinstance(region["order"], int):
            raise Rejected("regions", f"region {index} has no place in the order")
        for name in ("parent", "continues"):
            other = region.get(name)
            if other is not None and not 0 <= other < len(regions):
                raise Rejected("regions", f"{name} of region {index} is {other}")
    for name in ("parent", "continues"):
        _check_acyclic(regions, name)
    return regions


def _is_box(values: Any, count: int) -> bool:
    return (
        isinstance(values, Sequence)
        and len(values) == count
        and all(isinstance(v, int | float) and math.isfinite(v) and abs(v) < 1e6 for v in values)
    )


def _check_acyclic(regions: Regions, name: str) -> None:
    """Follow every chain to its end, over what was not followed before."""
    done = [False] * len(regions)
    for start in range(len(regions)):
        chain: dict[int, None] = {}
        index: int | None = start
        while index is not None and not done[index]:
            if index in chain:
                raise Rejected("regions", f"{name} of region {index} is a cycle")
            chain[index] = None
            index = regions[index].get(name)
        for seen in chain:
            done[seen] = True
