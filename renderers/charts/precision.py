"""How precisely a value can be read off an axis: about a tenth of the distance of its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Path, Scale
from renderers.charts.paths import left_to_right, point_paths, table_paths
from renderers.charts.spec import ChartSpec, NumberFormat, Points, Summary, Table
from renderers.charts.ticks import round_step

TICK_SHARE = 0.1
"""Share of the distance between two ticks that people estimate."""
READABLE_PIXELS = 2.0
"""How far apart two marks must be along an axis to be distinguishable by eye."""
READABLE_FACTORS = (1.0, 2.0, 5.0, 10.0)
"""People estimate in steps of these times a power of ten; not of quarters."""
ROUNDING = 0.2
"""A step this much too small, relatively, still counts: 2 is about a tenth of 25."""
READ_TWICE = frozenset(
    {
        *("stacked_bar", "percent_bar", "stacked_area", "theme_river", "horizontal_stacked_bar"),
        *("density", "ridgeline"),
    }
)
"""Types whose values are the distance of two readings, or the places of peaks, whose tops are
flat: their steps are twice as large. The height of a peak is one reading."""


def readable_step(scale: Scale, readings: int = 1, value: float = 0.0) -> float:
    """The finest step of 1, 2 or 5 times a power of ten that a value on this axis can be read to,
    as the distance of so many `readings` from zero or from each other. On an axis that is not
    linear it depends on the `value`: a tenth of the way between the ticks around it."""
    # A mark and the tick next to it may be drawn beside their places to different sides.
    apart = READABLE_PIXELS + 2 * scale.jitter
    if scale.linear:
        finest = max(scale.tick * TICK_SHARE, scale.per_pixel * apart)
    else:
        pixels = max(scale.tick_gap(value) * TICK_SHARE, apart)
        finest = scale.per_pixel_at(value) * pixels
    return round_step(finest * readings, READABLE_FACTORS, ROUNDING)


def value_step(
    number: NumberFormat, scale: Scale, readings: int = 1, value: float = 0.0
) -> Decimal:
    """The readable step, but no finer than the number's format."""
    step = Decimal(repr(readable_step(scale, readings, value))).normalize()
    return max(step, Decimal(1).scaleb(-number.decimals))


def read_off(value: float, number: NumberFormat, scale: Scale, readings: int = 1) -> str:
    """The value as read off an axis: rounded to its step, in the number's format."""
    step = value_step(number, scale, readings, value)
    rounded = (Decimal(repr(value)) / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
    return _coarse(number, step).print(float(rounded))


def printed_step(number: NumberFormat, scale: Scale) -> str:
    """The step of a value that is read off this axis, as printed with unit."""
    step = value_step(number, scale)
    return _coarse(number, step).print(float(step))


def printed_steps(spec: ChartSpec, scales: Mapping[str, Scale]) -> dict[Path, str]:
    """The steps of all values that are read off an axis, as printed with unit, by path."""
    return {
        path: _coarse(number, step).print(float(step))
        for path, value, number, scale, readings in _read_values(spec, scales)
        for step in (value_step(number, scale, readings, value),)
    }


def readings_of(spec: ChartSpec) -> int:
    """How many places of a mark a reader needs for a value."""
    return 2 if spec.type in READ_TWICE else 1


def value_scale(scales: Mapping[str, Scale], category: str, second: bool = False) -> Scale:
    """The axis of a value in a table or summary.

    Raises:
        ValueError: it has none.
    """
    return axis_scale(scales, *(("y2",) if second else (f"y/{category}", "y", "x")))


def axis_scale(scales: Mapping[str, Scale], *keys: str) -> Scale:
    """The first of these axes that the chart has.

    Raises:
        ValueError: it has none of them.
    """
    for key in keys:
        if key in scales:
            return scales[key]
    raise ValueError(f"values without labels need the scale of axis {' or '.join(keys)}")


def _read_values(
    spec: ChartSpec, scales: Mapping[str, Scale]
) -> Iterator[tuple[Path, float, NumberFormat, Scale, int]]:
    data = spec.data
    if isinstance(data, Points):
        for series, paths, order in zip(
            data.series, point_paths(data), left_to_right(data), strict=True
        ):
            for i in order:
                point, path = series.points[i], paths[i]
                across = axis_scale(scales, "x")
                yield (*path, "x"), point.x, data.x_number, across, readings_of(spec)
                yield (*path, "y"), point.y, data.y_number, axis_scale(scales, "y"), 1
                if axis := CATALOG[spec.type].figure_axis:
                    for field, value in zip(CATALOG[spec.type].fields, point.figures, strict=True):
                        yield (*path, field), value, data.size_number, axis_scale(scales, axis), 1
    elif spec.labels:
        return
    elif isinstance(data, Summary):
        for name, row in zip(data.categories, data.rows, strict=True):
            for field, value in zip(data.fields, row, strict=True):
                scale = value_scale(scales, name)
                yield (name, field), value, data.number, scale, readings_of(spec)
    elif isinstance(data, Table):
        last = len(data.series) - 1 if CATALOG[spec.type].second_axis else -1
        for i, (column, places) in enumerate(zip(data.series, table_paths(data), strict=True)):
            for where, value in zip(places, column.values, strict=True):
                if math.isnan(value):
                    continue
                scale = value_scale(scales, where[-1], second=i == last)
                yield where, value, column.number, scale, readings_of(spec)


def _coarse(number: NumberFormat, step: Decimal) -> NumberFormat:
    """The format with only the decimals that multiples of this step need."""
    decimals = max(0, -int(step.normalize().as_tuple().exponent))
    return replace(number, decimals=min(decimals, number.decimals))
