"""Checks of a chart's marks: each value is linked to a mark and a label, and marks are where the
tick labels on the picture say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from renderers.charts.truth import ABSENT
from vary_data.quality.validate.fitted_axes import paths, plain
from vary_data.quality.validate.linked import Linked
from vary_data.quality.validate.mark_fits import jitter_of, misfits
from vary_data.quality.validate.picture import RowProblem


def check_marks(
    truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]
) -> Iterator[RowProblem]:
    """The problems of the links in `meta.values` and of the marks they lead to.

    Rows without links (of older versions or other makers) have none.
    """
    entries = meta.get("values")
    if not isinstance(entries, list):
        return
    linked = set()
    shown: list[Linked] = []
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), list):
            yield "link", "an entry of meta.values has no path"
            continue
        path = tuple(map(str, entry["path"]))
        name = "/".join(path)
        value = _leaf(truth["values"], path)
        linked.add(path)
        if value is None:
            yield "link", f"{name!r} is linked but not in the truth"
            continue
        mark, label = (_region(regions, entry.get(key)) for key in ("mark", "label"))
        if (
            mark is None
            or mark["role"] != "mark"
            or mark["text"]
            not in (
                name,
                "/".join(path[:-1]),
            )
        ):
            yield "link", f"{name!r} has no mark"
            continue
        if "label" in entry and (label is None or plain(value) not in plain(label["text"])):
            yield "link", f"the label of {name!r} does not show {value!r}"
        shown.append(Linked(path, value, mark, str(entry.get("step", ""))))
    # On a page that was bent or photographed aslant, boxes do not lie along the axes.
    straight = "degrade" not in meta
    forms = meta.get("axes")
    found = (
        misfits(
            str(meta.get("type")),
            truth,
            regions,
            shown,
            forms if isinstance(forms, dict) else {},
            jitter_of(meta),
        )
        if straight
        else ()
    )
    for misfit in found:
        name = "/".join(misfit.path)
        yield "mark", f"the mark of {name!r} is {misfit.pixels:.1f} pixels off {misfit.value!r}"
    for path in paths(truth["values"], ()):
        if path not in linked and _leaf(truth["values"], path) != ABSENT:
            yield "link", f"{'/'.join(path)!r} is not linked"


def _region(regions: Sequence[Mapping[str, Any]], index: Any) -> Mapping[str, Any] | None:
    inside = isinstance(index, int) and 0 <= index < len(regions)
    return regions[index] if inside and len(regions[index]["bbox"]) == 4 else None


def _leaf(values: Any, path: Sequence[str]) -> str | None:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values if isinstance(values, str) else None
