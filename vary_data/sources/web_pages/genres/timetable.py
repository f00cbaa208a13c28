"""Timetables: departures by stop, lessons of a week, opening hours."""

from __future__ import annotations

from renderers.web.document import Block, Group, Table, TableCell
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import cell, head

ROUTE, CLASS = 0, 3
"""Positions of the titles of a line's and of a class's timetable."""
LEAST_HEADWAY = 2
"""Minutes between two trips at a stop."""


def compose(prose: Prose) -> Composition:
    """Compose a timetable."""
    words = phrases(prose.lang, "timetable")
    lessons = prose.chance(0.4)
    a, b = prose.places(2)
    pattern = words.all("titles")[CLASS if lessons else prose.whole(ROUTE, 2)]
    number = f"{prose.whole(1, 12)}{prose.pick('ABC')}" if lessons else prose.whole(1, 140)
    title = prose.fill(pattern, a=a, b=b, n=number)
    table = _lessons(prose, words) if lessons else _departures(prose, words)
    blocks: list[Block] = [line(title, "title")]
    if prose.chance(0.6):
        blocks.append(line(prose.organization(), look="small"))
    blocks.append(table)
    foot = [line(prose.pick(words.all("valid")).format(prose.date()), "footnote")]
    if prose.chance(0.5):
        foot.append(line(prose.sentence(), "footnote"))
    blocks.append(Group(tuple(foot), "foot"))
    wide = lessons or prose.chance(0.5)
    sheet = Sheet(700.0, 500.0, 10.5) if wide else Sheet(560.0, 740.0, 10.5)
    return Composition(
        tuple(blocks), sheet, ("sans", "narrow"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _departures(prose: Prose, words: Phrases) -> Table:
    trips, stops = prose.whole(4, 9), prose.whole(6, 14)
    names = prose.rng.choice(len(prose.corpus.words["place"]), stops, replace=False).tolist()
    top = [head(words["stop"])]
    top += [head(f"{prose.whole(100, 999)}", "center") for _ in range(trips)]
    times = sorted(300 + 7 * prose.whole(0, 20) + 55 * trip for trip in range(trips))
    rows: list[tuple[TableCell, ...]] = [tuple(top)]
    for stop in names:
        times = _later(prose, times)
        shown = [
            cell("–" if prose.chance(0.06) else f"{time // 60 % 24:02d}:{time % 60:02d}", "center")
            for time in times
        ]
        rows.append((head(prose.corpus.words["place"][stop]), *shown))
    return Table(tuple(rows), look=prose.pick(("striped", "grid", "lines")))


def _later(prose: Prose, times: list[int]) -> list[int]:
    """When the trips are at the next stop, none before the one ahead of it."""
    found: list[int] = []
    for time in times:
        after = found[-1] + LEAST_HEADWAY if found else 0
        found.append(max(time + prose.whole(3, 14), after))
    return found


def _lessons(prose: Prose, words: Phrases) -> Table:
    """Lessons of five days; a double lesson is a cell of two rows, the break one of all columns."""
    days = prose.weekdays[:5]
    rows: list[tuple[TableCell, ...]] = [
        (head(words["period"]), *(head(d, "center") for d in days))
    ]
    taken = [0] * len(days)
    periods = prose.whole(5, 8)
    for period in range(1, periods + 1):
        cells = [head(str(period), "center")]
        for day in range(len(days)):
            if taken[day]:
                taken[day] -= 1
                continue
            double = period < periods and prose.chance(0.18)
            taken[day] = 1 if double else 0
            lesson = "" if prose.chance(0.07) else prose.pick(words.all("lessons"))
            cells.append(cell(lesson, "center", rowspan=2 if double else 1))
        rows.append(tuple(cells))
    return Table(tuple(rows), look="grid")
