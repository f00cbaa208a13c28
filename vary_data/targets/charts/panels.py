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
    roots, members = _panels(regions)
    for name, chart in truth[PANELS].items():
        root = roots.get(name)
        if root is None:
            continue
        kept = members[root]
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


def _panels(
    regions: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, int], dict[int, list[int]]]:
    """The first region of each name that is a panel, and the regions of each panel.

    Takes linear time, whatever the parents are.
    """
    above: dict[int, int | None] = {0: None}
    roots: dict[str, int] = {}
    for i, region in enumerate(regions):
        if i and (region["role"], region["parent"]) == (CHART, 0):
            above[i] = i
            roots.setdefault(region["text"], i)
    members: dict[int, list[int]] = {i: [] for i in above if i}
    for i in range(len(regions)):
        line: dict[int, None] = {}
        at: int | None = i
        while at is not None and at not in above and at not in line and at < len(regions):
            line[at] = None
            at = regions[at]["parent"]
        panel = None if at is None else above.get(at)
        above |= dict.fromkeys(line, panel)
        if panel is not None:
            members[panel].append(i)
    return roots, members


def _entry(entry: Any) -> dict[str, Any]:
    """An entry with a path; an empty one for anything else."""
    if isinstance(entry, dict) and isinstance(entry.get("path"), list):
        return entry
    return {"path": []}


def _inner(entry: Mapping[str, Any], places: Mapping[int, int]) -> dict[str, Any]:
    inner = {**entry, "path": entry["path"][1:]}
    for key in ("mark", "label"):
        if key in inner:
            place = inner[key]
            inner[key] = places.get(place) if isinstance(place, int) else None
    return inner
