"""Dates along an axis: when points are, and which of them the axis names, in many notations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from vary_data.sources.charts.description import fill
from vary_data.sources.corpus import Corpus

MAX_POINTS = 500
MIN_NAMED, MAX_NAMED = 4, 9
"""Dates that an axis names."""
FIRST_YEAR, LAST_YEAR = 1900, 2025
ROUND_YEARS = 0.7
"""Share of axes of years that name multiples of their distance."""

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


def random_calendar(corpus: Corpus, measure: str, rng: np.random.Generator) -> Calendar:
    """The hours of a day, days, weeks or months of some years, or years of a century; hours and
    days only for measures that are taken so often (`hourly`, `daily` in phrases.txt)."""
    hourly, daily = (measure in corpus.phrases[key] for key in ("hourly", "daily"))
    kinds = {"day": 0.25 * hourly, "weeks": 0.25 * (hourly or daily), "months": 0.25,
             "years": 0.25, "century": 0.1}  # fmt: skip
    chances = np.array(list(kinds.values()))
    kind = str(rng.choice(list(kinds), p=chances / chances.sum()))
    forms = corpus.phrases[f"{kind} times"]
    show = _print(forms[int(rng.integers(len(forms)))], corpus.phrases["months"])
    year_word, _, _, _, date_word, time_word = corpus.phrases["time"]
    match kind:
        case "day":
            return _day(show, time_word, rng)
        case "weeks":
            return _weeks(show, date_word, rng)
        case "months":
            return _months(show, date_word, hourly or daily, rng)
    return _years(show, year_word, rng, long=kind == "century")


def _day(show: Print, word: str, rng: np.random.Generator) -> Calendar:
    start = datetime(_year(rng, 2010), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
    step = timedelta(minutes=_pick((5, 10, 15, 30), rng))
    points = _steps(start, start + timedelta(hours=24) - step, step)
    named = [start + timedelta(hours=h) for h in range(0, 24, _pick((3, 4, 6), rng))]
    return _calendar(points, named, show, word, timedelta(days=1), in_year=True)


def _weeks(show: Print, word: str, rng: np.random.Generator) -> Calendar:
    days = int(rng.integers(40, 180))
    start = datetime(_year(rng, 2005), 1, 1) + timedelta(days=int(rng.integers(0, 364 - days)))
    stride = _pick(_strides(days, (7, 10, 14, 21, 28)), rng)
    named = [start + timedelta(days=d) for d in range(int(rng.integers(0, 5)), days, stride)]
    points = _steps(start, start + timedelta(days=days), timedelta(days=1))
    return _calendar(points, named, show, word, timedelta(days=7), in_year=True)


def _months(show: Print, word: str, daily: bool, rng: np.random.Generator) -> Calendar:
    months = int(rng.integers(10, 49))
    first = _year(rng, 2000) * 12 + int(rng.integers(12))
    first = min(first, (LAST_YEAR + 1) * 12 - months)
    stride = _pick(_strides(months, (2, 3, 4, 6, 12)), rng)
    named = [_month(first + m) for m in range(int(rng.integers(0, 2)), months, stride)]
    points = [_month(first + m) for m in range(months)]
    if daily:
        steps = [days for days in (1, 2, 7) if months * 31 // days <= MAX_POINTS]
        points = _steps(points[0], points[-1], timedelta(days=_pick(steps, rng)))
    return _calendar(points, named, show, word, timedelta(days=365))


def _years(show: Print, word: str, rng: np.random.Generator, *, long: bool) -> Calendar:
    span = int(rng.integers(40, 121) if long else rng.integers(5, 41))
    last = int(rng.integers(max(FIRST_YEAR + span, 1990 if long else 2000), LAST_YEAR + 1))
    stride = _pick(_strides(span, (1, 2, 4, 5, 10, 20, 25)), rng)
    begin = last - span
    # Mostly round years, as programs name them.
    first = -(-begin // stride) * stride if rng.random() < ROUND_YEARS else begin
    named = [datetime(y, 1, 1) for y in range(first, last + 1, stride)]
    parts = _pick([n for n in (12, 4, 1) if 40 <= span * n <= MAX_POINTS] or [12], rng)
    count = span * parts
    points = [_month((begin * 12) + i * 12 // parts) for i in range(count + 1)]
    return _calendar(points, named, show, word, timedelta(days=365.25))


def _strides(length: int, able: Sequence[int]) -> list[int]:
    """The strides that name as many dates as an axis does."""
    return [stride for stride in able if MIN_NAMED <= length // stride <= MAX_NAMED]


def _steps(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    return [*(start + step * i for i in range(int((end - start) / step))), end]


def _calendar(
    points: Sequence[datetime],
    named: Sequence[datetime],
    show: Print,
    word: str,
    season: timedelta,
    *,
    in_year: bool = False,
) -> Calendar:
    """Points at these times and at those that the axis names."""
    wanted = [time for time in named if points[0] <= time <= points[-1]]
    times = sorted({*points, *wanted})
    index = {time: i for i, time in enumerate(times)}
    names = tuple(show(time) for time in wanted)
    return Calendar(tuple(times), tuple(index[t] for t in wanted), names, word, season, in_year)


def _print(form: str, month_names: Sequence[str]) -> Print:
    """How a pattern of phrases.txt writes a time: `{y}`, `{m}`, `{d}`, `{h}` and `{i}` are year,
    month, day, hour and minute, `{mm}`, `{dd}`, `{hh}` and `{ii}` have two digits, `{month}` is the
    name of the month."""

    def show(time: datetime) -> str:
        return fill(
            form,
            y=time.year,
            m=time.month,
            d=time.day,
            h=time.hour,
            mm=f"{time.month:02d}",
            dd=f"{time.day:02d}",
            hh=f"{time.hour:02d}",
            ii=f"{time.minute:02d}",
            month=month_names[time.month - 1],
        )

    return show


def _month(number: int) -> datetime:
    """The first day of a month, counted from the year 0."""
    return datetime(number // 12, number % 12 + 1, 1)


def _year(rng: np.random.Generator, first: int) -> int:
    return int(rng.integers(first, LAST_YEAR + 1))


def _pick(options: Sequence[int], rng: np.random.Generator) -> int:
    return options[int(rng.integers(len(options)))]
