"""Checks of a chart's annotations: each is on the picture, names what the chart has, and is where
the tick labels say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vary_data.quality.validate.fitted_axes import Axis, fitted_axes, number_of, paths, plain
from vary_data.quality.validate.mark_fits import jitter_of
from vary_data.quality.validate.picture import RowProblem

KINDS = frozenset(
    {
        *("thresholds", "bands", "events", "periods", "callouts", "highlighted", "totals"),
        *("significance", "trend", "subtitle", "text", "footnote"),
    }
)
NAMED = frozenset({"thresholds", "bands", "events", "periods", "callouts"})
"""Kinds whose second key is the printed text."""
SHAPED = KINDS - {"highlighted", "totals", "subtitle", "text", "footnote"}
"""Kinds with a region `annotation`."""
MAX_ERROR = 3.0
"""Pixels between a shape and its value on the fitted axis, rounding apart."""


def check_annotations(
    truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]
) -> Iterator[RowProblem]:
    """The problems of `annotations` in the truth of a chart. Rows without links in
    `meta.annotations` (of other makers) have none."""
    told, entries = truth.get("annotations"), meta.get("annotations")
    if not isinstance(told, dict) or not told:
        if "annotations" in truth:
            yield "truth", "annotations is no dict with entries"
        return
    if unknown := sorted(set(told) - KINDS):
        yield "truth", f"annotations has the key {unknown[0]!r}"
        return
    yield from _references(truth, told)
    if not isinstance(entries, list):
        return
    linked = {tuple(map(str, e["path"])): e for e in entries if isinstance(e, dict) and "path" in e}
    axes = {} if "degrade" in meta else fitted_axes(truth, regions)
    axis = axes.get("values") or axes.get("y")
    for path in paths(told, ()):
        entry, name = linked.get(path), "/".join(path)
        if entry is None:
            yield "link", f"the annotation {name!r} is not linked"
            continue
        value = _leaf(told, path)
        label, shape = (_region(regions, entry.get(key)) for key in ("label", "mark"))
        printed = plain(str(label["text"])) if label else ""
        for text in _printed(path, value, "step" in entry):
            if plain(text) not in printed:
                yield "missing-string", f"{text!r} of the annotation {name!r} is not on the picture"
        if path[0] not in SHAPED:
            continue
        if shape is None or shape["role"] != "annotation":
            yield "link", f"the annotation {name!r} has no shape"
        elif axis is not None and path[0] in ("thresholds", "bands"):
            yield from _misfit(
                axis, shape, name, value, str(entry.get("step", "")), jitter_of(meta)
            )


def _printed(path: Sequence[str], value: str, read_off: bool) -> tuple[str, ...]:
    """What the label of an annotation must show."""
    match path[0]:
        case "thresholds":
            return (path[1],) if read_off else (path[1], value)
        case kind if kind in NAMED:
            return (path[1],)
        case "highlighted":
            return ()
        case _:
            return (value,)


def _references(truth: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[RowProblem]:
    """Names of categories and marks that the chart does not have."""
    known = set()
    for path in paths(truth["values"], ()):
        known |= {*path, "/".join(path), "/".join(path[:-1])}
    for path in paths(told, ()):
        match path[0]:
            case "events" | "periods" | "callouts" | "highlighted":
                names: tuple[str, ...] = (_leaf(told, path),)
            case "totals" | "significance":
                names = tuple(path[1:])
            case _:
                names = ()
        for name in names:
            if name not in known:
                yield "truth", f"the annotation {'/'.join(path)!r} names {name!r}, not in values"


def _misfit(
    axis: Axis, shape: Mapping[str, Any], name: str, value: str, step: str, jitter: float
) -> Iterator[RowProblem]:
    wanted = number_of(value, axis.unit)
    if wanted is None:
        return
    rounded = number_of(step, axis.unit) if step else None
    allowed = MAX_ERROR + abs(axis.slope) * (rounded or 0.0) / 2 + jitter
    error = axis.error(shape["bbox"], wanted, "end")
    if error > allowed:
        yield "mark", f"the annotation {name!r} is {error:.1f} pixels off {value!r}"


def _region(regions: Sequence[Mapping[str, Any]], index: Any) -> Mapping[str, Any] | None:
    inside = isinstance(index, int) and 0 <= index < len(regions)
    return regions[index] if inside and len(regions[index]["bbox"]) == 4 else None


def _leaf(told: Any, path: Sequence[str]) -> str:
    for name in path:
        told = told[name]
    return str(told)
