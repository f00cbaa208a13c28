"""Do the marks show the values? Geometry read back from the renderer against the axis scales.

Reasons: `unmarked` (a value without a mark), `mark` (a mark that shows another value), `parts`
(percentages that are no parts of 100 %),
`collapsed` (figures that differ on the picture but not in the truth), `alike` (two series in one
color), `crossed` (a line of data
through a text), `misplaced` (a text on a foreign point, or nearer to it than to its own; a tick or
the plate of a name on a point; a note on a mark; a value larger than its segment of a stack; a name
of a group larger than its sector).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from renderers.charts.drawing import Drawing
from renderers.charts.flaw import Flaw
from renderers.charts.measures.types import MEASURES
from renderers.charts.neighbors import (
    covered,
    crossed,
    hiding,
    misnamed,
    misplaced,
    outgrown,
    over_edge,
    strayed,
)
from renderers.charts.paths import mark_paths
from renderers.charts.precision import read_off
from renderers.charts.spec import ChartSpec

WHOLE = 100.0
"""Percent."""
COLORED = frozenset(
    {
        *("grouped_bar", "stacked_bar", "percent_bar", "horizontal_grouped_bar", "bar_line"),
        *("horizontal_stacked_bar", "horizontal_percent_bar", "multi_line", "step"),
        *("stacked_area", "theme_river", "radar", "scatter"),
    }
)
"""Types whose series a legend tells apart by color."""
STACKED = frozenset(
    {
        *("stacked_bar", "percent_bar", "marimekko"),
        *("horizontal_stacked_bar", "horizontal_percent_bar"),
    }
)
"""Types whose values are printed within segments that touch each other."""
JITTER_ROUNDING = 0.1
"""Pixels: curves are drawn in short lines."""
MAX_MARK_ERROR = 2.0
"""Pixels by which a mark may differ from its value: renderers round to whole pixels."""


def mark_flaws(spec: ChartSpec, drawing: Drawing) -> tuple[Flaw, ...]:
    """What is wrong with the marks, and with texts next to them.

    Values are read from what a hand drew as it was before its jitter, which has a check of its own.
    """
    return (
        *_values(spec, drawing.steadied()),
        *_jitter(drawing),
        *_parts(spec),
        *_collapsed(spec, drawing),
        *_vanished(spec, drawing),
        *_alike(spec, drawing),
        *(Flaw("crossed", text.text, text.bbox) for text in crossed(drawing)),
        *(
            Flaw("misplaced", f"{text.text} / {'/'.join(mark.path)}", text.bbox)
            for text, mark in (
                *misplaced(drawing),
                *hiding(drawing),
                *covered(drawing),
                *(outgrown(drawing) if spec.type in STACKED else ()),
                *(over_edge(drawing) if spec.type == "sunburst" else ()),
            )
        ),
        *(
            Flaw("misplaced", f"{text.text} / {'/'.join(line.path)}", text.bbox)
            for text, line in (*strayed(drawing), *misnamed(drawing))
        ),
    )


def _values(spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
    """Every value has a mark that shows it within `MAX_MARK_ERROR`."""
    drawn = {mark.path for mark in drawing.marks}
    lacking = [path for path in mark_paths(spec) if path not in drawn]
    if lacking:
        yield from (Flaw("unmarked", "/".join(path)) for path in lacking)
        return
    for reading in MEASURES[spec.type](spec, drawing):
        if not reading.pixels <= MAX_MARK_ERROR:
            name = "/".join(reading.path)
            yield Flaw("mark", f"{name}: {reading.expected:g} is drawn as {reading.read:.4g}")


def _jitter(drawing: Drawing) -> Iterator[Flaw]:
    """Marks and lines drawn farther beside their places than the jitter of the hand reaches."""
    if drawing.steady is None:
        return
    known = drawing.steady
    pairs = [
        (a.path, (*a.bbox, *chain(*a.points)), (*b.bbox, *chain(*b.points)))
        for a, b in zip(
            (*drawing.marks, *drawing.shapes), (*known.marks, *known.shapes), strict=True
        )
    ]
    pairs += [
        (a.path, tuple(chain(*a.corners)), tuple(chain(*b.corners)))
        for a, b in zip(drawing.lines, known.lines, strict=True)
    ]
    for path, drawn, steady in pairs:
        off = max((abs(x - y) for x, y in zip(drawn, steady, strict=True)), default=0.0)
        if off > known.reach + JITTER_ROUNDING:
            yield Flaw("mark", f"{'/'.join(path)} is {off:.1f} pixels beside its place")


def _parts(spec: ChartSpec) -> Iterator[Flaw]:
    """Bars to 100 % whose segments add up to something else, beyond rounding."""
    if spec.type not in ("percent_bar", "horizontal_percent_bar"):
        return
    rounding = sum(10**-s.number.decimals for s in spec.table.series)
    columns = zip(*(s.values for s in spec.table.series), strict=True)
    for name, column in zip(spec.table.categories, columns, strict=True):
        if abs(sum(column) - WHOLE) > rounding:
            yield Flaw("parts", f"{name}: {sum(column):g} %")


def _collapsed(spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
    """Candles whose body or shadows are drawn but equal after rounding; bullets that visibly miss
    or pass a target which the truth says they reach."""
    axis = {"candlestick": "y", "bullet": "x"}.get(spec.type, "")
    if axis not in drawing.scales:
        return
    data, scale = spec.summary, drawing.scales[axis]
    apart = MAX_MARK_ERROR * abs(scale.per_pixel) if spec.type == "bullet" else 0.0
    for name, row in zip(data.categories, data.rows, strict=True):
        printed = [read_off(value, data.number, scale) for value in row]
        for i in range(0, len(row), 2):
            if abs(row[i] - row[i + 1]) > apart and printed[i] == printed[i + 1]:
                yield Flaw("collapsed", name)


def _vanished(spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
    """Errors that are drawn but zero in the truth."""
    if spec.type != "error_bar" or spec.labels or "y" not in drawing.scales:
        return
    data, scale = spec.summary, drawing.scales["y"]
    zero = read_off(0.0, data.number, scale)
    for name, (_, error) in zip(data.categories, data.rows, strict=True):
        if read_off(error, data.number, scale) == zero:
            yield Flaw("collapsed", name)


def _alike(spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
    """Series in one color, which the legend does not tell apart."""
    if spec.type not in COLORED:
        return
    names: dict[str, set[str]] = {}
    for mark in drawing.marks:
        if len(mark.path) > 1 and mark.color:
            names.setdefault(mark.color, set()).add(mark.path[0])
    yield from (Flaw("alike", " / ".join(sorted(n))) for n in names.values() if len(n) > 1)
