"""`ChartForms`: how the texts and numbers of charts are written in a language.

They are the table `[charts]` of the language's file; a language without it has no charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Marks = tuple[tuple[int, str], ...]
"""Powers of ten and what is written for them."""


@dataclass(frozen=True, slots=True)
class ChartForms:
    """Forms of a language.

    `short` has ways to shorten large numbers (`1.2M`), the most usual one first; `title_powers` the
    forms of a power of ten before or after the unit of an axis title (`thousand {}`).
    """

    rise_and_fall: tuple[str, str]
    """What the colors of candlesticks mean."""
    weekdays: tuple[str, ...] = ()
    """Short names above a calendar, from Sunday on; empty for those that ECharts has."""
    short: tuple[Marks, ...] = ()
    title_powers: Marks = ()
    magnitudes: tuple[str, ...] = ()
    """What units hold that are not shortened: a magnitude, or the word of a ratio."""
    short_from: float = 1e6
    """From here on, large numbers may be shortened."""
    grouped: float = 1.0
    """Share of charts of thousands whose numbers are grouped."""
    grouped_from: float = 1000.0
    """The least number that is grouped where others of its chart are."""
    unit_space: bool = True
    """Whether a space is between a number and its unit."""
    currency_after: bool = False
    """Whether a currency follows the number."""
    symbols_shortened: bool = False
    """Whether a unit that is no word can follow a mark for a power of ten: `3.2万人`."""
    small_names: bool = False
    """Whether names begin with a small letter within a title."""

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> ChartForms:
        """The forms of a table of a language's file."""
        values = dict(data)
        values["rise_and_fall"] = tuple(data["rise_and_fall"])
        values["weekdays"] = tuple(data.get("weekdays", ()))
        values["magnitudes"] = tuple(data.get("magnitudes", ()))
        values["short"] = tuple(map(_marks, data.get("short", ())))
        values["title_powers"] = _marks(data.get("title_powers", ()))
        return cls(**values)


def _marks(pairs: Any) -> Marks:
    return tuple((int(power), str(mark)) for power, mark in pairs)
