"""What a sample records of its axes, and how the values of its truth are read."""

from __future__ import annotations

from typing import Any

from renderers.charts.drawing import Drawing, Scale
from renderers.charts.spec import ChartSpec, Table

AXES = ("x", "y", "y2")
DIGITS = 12
"""Significant digits of the ends of axes."""


def axes_of(spec: ChartSpec, drawing: Drawing) -> dict[str, dict[str, Any]]:
    """The straight value axes by name: their `scale` (`linear`, `log`, `symlog`, `broken`) and ends
    in printed units, and `truncated` where bars do not begin at zero; `threshold` of a symlog axis,
    `gap` of a broken one."""
    return {
        key: _facts(spec, scale)
        for key, scale in drawing.scales.items()
        if key in AXES and scale.center is None
    }


def reading_rule(spec: ChartSpec) -> str:
    """`printed`: every value of the truth is printed. `axis`: values are read off an axis. `printed
    at names`, `axis at names`: lines have further points, the truth holds those above the names on
    the axis."""
    how = "printed" if spec.labels else "axis"
    named = isinstance(spec.data, Table) and spec.data.course is not None
    return f"{how} at names" if named else how


def _facts(spec: ChartSpec, scale: Scale) -> dict[str, Any]:
    kind = scale.warp.kind
    facts: dict[str, Any] = {"scale": kind, "low": _short(scale.low), "high": _short(scale.high)}
    if spec.axis.truncated and scale.low > 0:
        facts["truncated"] = True
    if kind == "symlog":
        facts["threshold"] = _short(scale.warp.threshold)
    if kind == "broken":
        facts["gap"] = [_short(value) for value, _ in scale.warp.knots[1:3]]
    return facts


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
