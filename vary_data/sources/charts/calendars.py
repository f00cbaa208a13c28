"""Dates along an axis: when points are, and which of them the axis names, in many notations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from vary_data.sources.corpus import Corpus

MAX_POINTS = 500
MIN_NAMED, MAX_NAMED = 4, 9
"""Dates that an axis names."""
FIRST_YEAR, LAST_YEAR = 1900, 2025
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Print = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`times` are those of the points, `named` the indices of those that the axis names with
    `names`; `word` is what such an axis is called. `years` are those of the first and last point;
    `in_year` says that the names do not tell the year."""

    times: tuple[datetime, ...]
    named: tuple[int, ...]
    names: tuple[str, ...]
    word: str
    season: timedelta
    """After which a pattern repeats: a day, a week, a year."""
    in_year: bool

    @property
    def places(self) -> tuple[float, ...]:
        """Where the points are along the axis, from 0 to 1."""
        first, last = self.times[0], self.times[-1]
        return tuple((time - first) / (last - first) for time in self.times)

    @property
    def years(self) -> tuple[int, int]:
        return self.times[0].year, self.times[-1].year


def random_calendar(corpus: Corpus, rng: np.random.Generator) -> Calendar:
    """The hours of a day, days, weeks or months of some years, or years of a century."""
    year_word, _, _, _, date_word, time_word = corpus.phrases["time"]
    kinds = ("day", "weeks", "months", "years", "century")
    kind = str(rng.choice(kinds, p=(0.12, 0.2, 0.28, 0.28, 0.12)))
    draw = lambda *options: options[int(rng.integers(len(options)))]  # noqa: E731
    form = _formats(corpus.lang)[kind]
    show = form[int(rng.integers(len(form)))]
    if kind == "day":
        start = datetime(_year(rng, 2010), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        step = timedelta(minutes=draw(5, 10, 15, 30))
        named = [start + timedelta(hours=h) for h in range(0, 24, draw(3, 4, 6))]
        return _calendar(start, start + timedelta(hours=24) - step, step, named, show, time_word,
                         timedelta(days=1), in_year=True)  # fmt: skip
    if kind == "weeks":
        days = int(rng.integers(40, 180))
        start = datetime(_year(rng, 2005), 1, 1) + timedelta(days=int(rng.integers(0, 364 - days)))
        stride = draw(*(s for s in (7, 10, 14, 21, 28) if MIN_NAMED <= days // s <= MAX_NAMED))
        named = [start + timedelta(days=d) for d in range(int(rng.integers(0, 5)), days, stride)]
        return _calendar(start, start + timedelta(days=days), timedelta(days=1), named, show,
                         date_word, timedelta(days=7), in_year=True)  # fmt: skip
    if kind == "months":
        months = int(rng.integers(10, 49))
        first = _year(rng, 2000) * 12 + int(rng.integers(12))
        first = min(first, (LAST_YEAR + 1) * 12 - months)
        stride = draw(*(s for s in (2, 3, 4, 6, 12) if MIN_NAMED <= months // s <= MAX_NAMED))
        named = [_month(first + m) for m in range(int(rng.integers(0, 2)), months, stride)]
        step = timedelta(days=draw(*(d for d in (1, 2, 7) if months * 31 // d <= MAX_POINTS)))
        return _calendar(_month(first), _month(first + months - 1), step, named, show, date_word,
                         timedelta(days=365))  # fmt: skip
    span = int(rng.integers(5, 41)) if kind == "years" else int(rng.integers(40, 121))
    last = int(
        rng.integers(max(FIRST_YEAR + span, 2000 if kind == "years" else 1990), LAST_YEAR + 1)
    )
    stride = draw(*(s for s in (1, 2, 4, 5, 10, 20, 25) if MIN_NAMED <= span // s <= MAX_NAMED))
    begin = last - span
    first = -(-begin // stride) * stride if rng.random() < 0.7 else begin
    named = [datetime(y, 1, 1) for y in range(first, last + 1, stride)]
    start, end = datetime(begin, 1, 1), datetime(last, 1, 1)
    step = timedelta(days=365.25 / draw(*(n for n in (12, 4, 1) if 40 <= span * n <= MAX_POINTS)))
    return _calendar(start, end, step, named, show, year_word, timedelta(days=365.25))


def _calendar(
    start: datetime,
    end: datetime,
    step: timedelta,
    named: Sequence[datetime],
    show: Print,
    word: str,
    season: timedelta,
    *,
    in_year: bool = False,
) -> Calendar:
    """Points at equal steps, and at the dates that the axis names."""
    count = int((end - start) / step)
    regular = {start + step * i for i in range(count)} | {end}
    wanted = [time for time in named if start <= time <= end]
    times = sorted(regular | set(wanted))
    index = {time: i for i, time in enumerate(times)}
    names = tuple(show(time) for time in wanted)
    return Calendar(tuple(times), tuple(index[t] for t in wanted), names, word, season, in_year)


def _formats(lang: str) -> dict[str, tuple[Print, ...]]:
    """The ways to write the dates on an axis."""
    iso_month: Print = lambda t: f"{t.year}-{t.month:02d}"  # noqa: E731
    iso: Print = lambda t: f"{t.year}-{t.month:02d}-{t.day:02d}"  # noqa: E731
    hour: Print = lambda t: f"{t.hour:02d}:{t.minute:02d}"  # noqa: E731
    year: Print = lambda t: f"{t.year}"  # noqa: E731
    if lang == "zh":
        return {
            "day": (hour, lambda t: f"{t.hour}时"),
            "weeks": (iso, lambda t: f"{t.month}月{t.day}日"),
            "months": (
                iso_month,
                lambda t: f"{t.year}年{t.month}月",
                lambda t: f"{t.year}.{t.month:02d}",
            ),
            "years": (year, lambda t: f"{t.year}年"),
            "century": (year, lambda t: f"{t.year}年"),
        }  # fmt: skip
    name = lambda t: MONTH_NAMES[t.month - 1]  # noqa: E731
    return {
        "day": (hour, lambda t: f"{t.hour}:{t.minute:02d}"),
        "weeks": (iso, lambda t: f"{t.day} {name(t)}", lambda t: f"{name(t)} {t.day}"),
        "months": (iso_month, lambda t: f"{name(t)} {t.year}", lambda t: f"{name(t)} {t.year}"),
        "years": (year,),
        "century": (year,),
    }


def _month(number: int) -> datetime:
    """The first day of a month, counted from the year 0."""
    return datetime(number // 12, number % 12 + 1, 1)


def _year(rng: np.random.Generator, first: int) -> int:
    return int(rng.integers(first, LAST_YEAR + 1))
