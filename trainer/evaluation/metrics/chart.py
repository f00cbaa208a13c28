"""Parses the dict of a chart from a model's answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from trainer.evaluation.metrics.edits import ned
from trainer.evaluation.metrics.normalize import layout
from vary_data.base.literals import literal
from vary_data.dataset.local_numbers import ascii_quantity

ABSENT = "None"
TEXTS = ("title", "source", "x_title", "y_title", "y2_title")
_FENCE = re.compile(r"^```\w*\s*\n?(.*?)\n?```$", re.DOTALL)
_MAX_CHARACTERS = 200_000
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A value and the names of its path, for example series and category, as printed."""

    path: tuple[str, ...]
    value: str
    step: str = ""
    """What the value was rounded to, as printed, where it is read off an axis."""

    @property
    def key(self) -> str:
        """The names of the path as they are compared: without case and differences of layout."""
        return " ".join(layout(name) for name in self.path).casefold()

    def transposed(self) -> Entry:
        """The entry with its names in reverse order: category and series."""
        return Entry(self.path[::-1], self.value, self.step)


@dataclass(frozen=True, slots=True)
class ChartDict:
    """`texts` has those of `TEXTS` that are on the chart; those of the panels of a figure go by
    `panel/name`, and paths of their entries begin with the panel."""

    texts: dict[str, str]
    entries: tuple[Entry, ...]


def parse_chart(
    text: str, steps: Mapping[tuple[str, ...], str] = MappingProxyType({}), lang: str = "en"
) -> ChartDict | None:
    """The dict in `text`, a Python literal or JSON, optionally in a code fence; else None.

    `steps` are those of its entries, by path. Values are read as the language `lang` prints them.
    """
    text = text.strip()
    if len(text) > _MAX_CHARACTERS:
        return None
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    data = _literal(text)
    if not isinstance(data, Mapping):
        return None
    try:
        entries = tuple(_values_of(data))
        entries = tuple(
            replace(
                e,
                value=ascii_quantity(e.value, lang),
                step=ascii_quantity(steps.get(e.path, ""), lang),
            )
            for e in entries
        )
    except RecursionError:
        return None
    return ChartDict(_texts_of(data), entries)


def text_score(truth: ChartDict, answer: ChartDict) -> float:
    """Mean of 1 − NED over titles, axis titles and source; case does not count.

    It includes the fields that either side has, so that an invented title costs; OneChart's code
    ignores every field that the truth lacks. Without any field, it is 1.
    """
    names = list({**truth.texts, **answer.texts})
    if not names:
        return 1.0
    return sum(_similar(truth.texts, answer.texts, name) for name in names) / len(names)


def _panels(data: Mapping[str, Any]) -> Mapping[str, Any]:
    panels = data.get("panels")
    return panels if isinstance(panels, Mapping) else {}


def _values_of(data: Mapping[str, Any]) -> Iterator[Entry]:
    """The entries of a chart, or of all panels of a figure."""
    values = data.get("values")
    if isinstance(values, Mapping | list):
        yield from _entries(values, ())
    for name, panel in _panels(data).items():
        if isinstance(panel, Mapping) and isinstance(panel.get("values"), Mapping | list):
            yield from _entries(panel["values"], (str(name),))


def _texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: str(data[name]) for name in TEXTS if _present(data.get(name))}
    for panel, chart in _panels(data).items():
        if isinstance(chart, Mapping):
            found = {name: str(chart[name]) for name in TEXTS if _present(chart.get(name))}
            texts |= {f"{panel}/{name}": text for name, text in found.items()}
    return texts


def _similar(truth: Mapping[str, str], answer: Mapping[str, str], name: str) -> float:
    if name not in truth or name not in answer:
        return 0.0
    return 1 - ned(layout(truth[name]).casefold(), layout(answer[name]).casefold())


def _literal(text: str) -> Any:
    """Data in Python's or JSON's notation, else None; no code is executed."""
    try:
        return literal(text)
    except ValueError:
        pass
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _entries(values: Any, path: tuple[str, ...]) -> Iterator[Entry]:
    if len(path) > _MAX_DEPTH:
        raise RecursionError
    if isinstance(values, Mapping):
        for name, inner in values.items():
            yield from _entries(inner, (*path, str(name)))
    elif isinstance(values, list | tuple):
        for number, inner in enumerate(values, 1):
            yield from _entries(inner, (*path, str(number)))
    else:
        yield Entry(path, str(values))


def _present(value: Any) -> bool:
    return value is not None and str(value).strip() not in ("", ABSENT)
