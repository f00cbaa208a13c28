"""The annotations of a chart together: in the truth, and in the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from renderers.charts.annotations.annotation import Note
from renderers.charts.drawing import Drawing, Path, Scale
from renderers.charts.expected import plain
from renderers.charts.flaw import Flaw
from renderers.charts.spec import ChartSpec

NOTE_ROLES = frozenset({"note", "subtitle"})


def notes_of(spec: ChartSpec) -> tuple[Note, ...]:
    """All texts that the annotations print."""
    return tuple(note for annotation in spec.annotations for note in annotation.notes(spec))


def annotations_truth(spec: ChartSpec, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """The value of `annotations` in the ground truth; empty where there are none.

    Raises:
        ValueError: two annotations of one kind have one name.
    """
    told: dict[str, Any] = {}
    for annotation in spec.annotations:
        _merge(told, {annotation.kind: annotation.truth(spec, scales)})
    return told


def annotation_flaws(spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
    """Texts of annotations that are missing, drawn twice or not expected; shapes that are wrong;
    values that are read off an axis without labels."""
    wanted = {note.path: note for note in notes_of(spec)}
    drawn = Counter(t.path for t in drawing.texts if t.role in NOTE_ROLES and t.path)
    for text in drawing.texts:
        if text.role in NOTE_ROLES and text.path:
            note = wanted.get(text.path)
            if note is None or plain(note.text) != plain(text.text) or note.role != text.role:
                yield Flaw("unexpected", text.text, text.bbox)
            elif drawn[text.path] > 1:
                yield Flaw("duplicate", text.text, text.bbox)
    yield from (Flaw("missing", note.text) for path, note in wanted.items() if not drawn[path])
    for annotation in spec.annotations:
        yield from annotation.flaws(spec, drawing)
        if annotation.steps(spec, drawing.scales) and not _has_labels(drawing):
            yield Flaw("annotation", f"{annotation.kind}: the value axis has no labels")


def _has_labels(drawing: Drawing) -> bool:
    """Whether values can be read off the value axis."""
    role = "y_tick" if "y" in drawing.scales else "x_tick"
    return sum(text.role == role for text in drawing.texts) > 1


def annotation_links(spec: ChartSpec, drawing: Drawing) -> tuple[dict[str, Any], ...]:
    """An entry for each leaf of `annotations`: `path`, and of these those that apply: `mark` and
    `label`, indices of regions of `drawing.picture()`, and `step`, what it was rounded to."""
    steps: dict[Path, str] = {}
    for annotation in spec.annotations:
        steps |= annotation.steps(spec, drawing.scales)
    labels: dict[Path, int] = {}
    index = 1
    for text in drawing.texts:
        if text.role in NOTE_ROLES and text.path:
            labels[text.path] = index
        index += 1 + len(text.words)
    index += len(drawing.plots) + len(drawing.marks)
    shapes = {shape.path: index + i for i, shape in enumerate(drawing.shapes)}
    result = []
    for path in _leaves(annotations_truth(spec, drawing.scales), ()):
        entry: dict[str, Any] = {"path": list(path)}
        for key, found in (("mark", shapes), ("label", labels)):
            owner = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in found), None)
            if owner is not None:
                entry[key] = found[owner]
        if path in steps:
            entry["step"] = steps[path]
        result.append(entry)
    return tuple(result)


def _merge(told: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(told.get(key), dict):
            _merge(told[key], value)
        elif key in told:
            raise ValueError(f"two annotations have the name {key!r}")
        else:
            told[key] = dict(value) if isinstance(value, Mapping) else value


def _leaves(told: Mapping[str, Any], above: Path) -> Iterator[Path]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name)
