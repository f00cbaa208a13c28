"""The panels of a figure, each as a chart of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.roles import CHART
from vary_data.base.literals import literal

PANELS = "panels"
LINKED = ("values", "annotations")
"""Keys of `meta` with entries about paths of the truth."""


@dataclass(frozen=True, slots=True)
class PanelPart:
    """What a panel has of the columns of its row: the indices in `meta` are those of `regions`,
    which are at `indices` of the row's."""

    name: str
    truth: Mapping[str, Any]
    regions: Sequence[Mapping[str, Any]]
    meta: Mapping[str, Any]
    indices: tuple[int, ...]


def panels_of(
    truth: Mapping[str, Any], regions: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]
) -> Iterator[PanelPart]:
    """The panels of a figure that have a region, in the order of the truth."""
    facts = meta.get(PANELS)
    for name, chart in truth[PANELS].items():
        root = next((i for i, r in enumerate(regions) if i and _is_panel(r, name)), None)
        if root is None:
            continue
        kept = [i for i in range(len(regions)) if root in _line(regions, i)]
        places = {old: new for new, old in enumerate(kept)}
        own = [{**regions[i], "parent": places.get(regions[i]["parent"])} for i in kept]
        known = facts.get(name) if isinstance(facts, dict) else None
        part = dict(known) if isinstance(known, dict) else {}
        if "degrade" in meta:
            part["degrade"] = meta["degrade"]
        for key in LINKED:
            if isinstance(meta.get(key), list):
                entries = [e for e in map(_entry, meta[key]) if e["path"][:1] == [name]]
                if entries or key == LINKED[0]:
                    part[key] = [_inner(entry, places) for entry in entries]
        yield PanelPart(name, chart, own, part, tuple(kept))


def panel_rows(row: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The panels of the row of a figure as rows of charts, with their names; none of other rows."""
    text = row["text"] or ""
    if repr(PANELS) not in text:
        return []
    try:
        truth = literal(text)
        meta = json.loads(row.get("meta") or "{}")
    except (ValueError, RecursionError):
        return []
    if not isinstance(truth, dict) or not isinstance(truth.get(PANELS), dict):
        return []
    meta = meta if isinstance(meta, dict) else {}
    return [
        (
            part.name,
            {
                **row,
                "text": repr(part.truth),
                "regions": part.regions,
                "meta": json.dumps(part.meta),
            },
        )
        for part in panels_of(truth, row.get("regions") or (), meta)
    ]


def _is_panel(region: Mapping[str, Any], name: str) -> bool:
    return (region["role"], region["text"], region["parent"]) == (CHART, name, 0)


def _line(regions: Sequence[Mapping[str, Any]], index: int) -> list[int]:
    """A region and its ancestors."""
    found = [index]
    while (parent := regions[found[-1]]["parent"]) is not None and parent not in found:
        found.append(parent)
    return found


def _entry(entry: Any) -> dict[str, Any]:
    """An entry with a path; an empty one for anything else."""
    if isinstance(entry, dict) and isinstance(entry.get("path"), list):
        return entry
    return {"path": []}


def _inner(entry: Mapping[str, Any], places: Mapping[int, int]) -> dict[str, Any]:
    inner = {**entry, "path": entry["path"][1:]}
    for key in ("mark", "label"):
        if key in inner:
            inner[key] = places.get(inner[key])
    return inner
