"""Which regions of a sample show each value of its ground truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from renderers.charts.drawing import Drawing, Path
from renderers.charts.expected import plain
from renderers.charts.truth import ABSENT


def links(
    truth: Mapping[str, Any], drawing: Drawing, steps: Mapping[Path, str]
) -> tuple[dict[str, Any], ...]:
    """One entry for each value that is not missing: `path` in `values`, and of these keys those
    that apply: `mark` and `label`, indices of regions of `drawing.picture()`, and `step`, what it
    was rounded to."""
    labels, marks, index = list[tuple[int, Path, str]](), dict[Path, int](), 1
    for text in drawing.texts:
        if text.role in ("value", "label") and text.path:
            labels.append((index, text.path, plain(text.text)))
        index += 1 + len(text.words)
    index += len(drawing.plots)
    for offset, mark in enumerate(drawing.marks):
        marks[mark.path] = index + offset
    result = []
    for path, value in _leaves(truth["values"], ()):
        if value == ABSENT:
            continue
        entry: dict[str, Any] = {"path": list(path)}
        owner = path if path in marks else path[:-1]
        if owner in marks:
            entry["mark"] = marks[owner]
        if path in steps:
            entry["step"] = steps[path]
        else:
            found = [i for i, at, text in labels if at in (path, owner) and plain(value) in text]
            if found:
                entry["label"] = found[0]
        result.append(entry)
    return tuple(result)


def _leaves(values: Mapping[str, Any], above: Path) -> Iterator[tuple[Path, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value
