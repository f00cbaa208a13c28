"""Scores as tables for the terminal and as JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from trainer.errors import RunError
from trainer.evaluation.bootstrap import Estimate
from trainer.evaluation.scoring import Group, Scored
from trainer.evaluation.tasks import TASKS


def number(value: float) -> str:
    """A score with three decimals."""
    return f"{value:.3f}"


def with_interval(estimate: Estimate) -> str:
    """`0.812 ±0.020`: the mean and half the width of its interval, if it has one."""
    if estimate.low == estimate.high:
        return number(estimate.mean)
    return f"{number(estimate.mean)} ±{number((estimate.high - estimate.low) / 2)}"


def tables(groups: Iterable[Group], width: int | None = None) -> str:
    """Tables per kind: a line per language and subset, means with half widths of intervals.

    Columns that do not fit into `width` characters (by default the terminal's) are in a further
    table with the same labels.
    """
    width = width or shutil.get_terminal_size().columns
    return "\n\n".join(
        _tables(kind, list(members), width) for kind, members in groupby(groups, key=_kind)
    )


def _kind(group: Group) -> str:
    return group.kind


def _tables(kind: str, groups: Sequence[Group], width: int) -> str:
    shown = [m for m in TASKS[groups[0].scoring].shown if any(m in g.metrics for g in groups)]
    names = ([kind, *(g.lang for g in groups)], ["subset", *(g.subset for g in groups)])
    counts = (
        ["n", *(str(g.samples) for g in groups)],
        ["documents", *(str(g.documents) for g in groups)],
    )
    metrics = [
        [m, *(with_interval(g.metrics[m]) if m in g.metrics else "-" for g in groups)]
        for m in shown
    ]
    parts: list[list[list[str]]] = [[*names, *counts]]
    for column in metrics:
        if _width([*parts[-1], column]) > width and len(parts[-1]) > len(names):
            parts.append([*names])
        parts[-1].append(column)
    return "\n\n".join(map(_lines, parts))


def _width(columns: Sequence[Sequence[str]]) -> int:
    return sum(max(map(len, column)) + 2 for column in columns) - 2


def _lines(columns: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in columns]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*columns, strict=True)
    )


def save(
    folder: Path,
    scored: Sequence[Scored],
    groups: Sequence[Group],
    notes: Sequence[str],
    settings: dict[str, Any],
) -> None:
    """Write `scores.json` (all means and intervals) and `samples.jsonl` (every sample's scores).

    Raises:
        RunError: the folder cannot be written.
    """
    summary = {
        "settings": settings,
        "notes": list(notes),
        "groups": [asdict(group) for group in groups],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "scores.json", json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
        _write(folder / "samples.jsonl", "".join(map(_sample, scored)))
    except OSError as error:
        raise RunError(f"{folder} cannot be written ({error.strerror})") from error


def _sample(scored: Scored) -> str:
    example = scored.example
    line = {
        "id": example.id,
        "kind": example.kind,
        "lang": example.lang,
        "subset": example.subset,
        "scores": {name: score.value for name, score in scored.scores.items()},
        "answer": scored.answer,
        "accepted": example.accepted,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))
