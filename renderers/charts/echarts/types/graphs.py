"""Graphs: nodes on a ring, values on the links between them.

Values are written beside the middles of their links, where links cross. So several orders of the
nodes are tried, and the one is taken in which the fewest values lie on foreign links or on each
other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyecharts import options as opts
from pyecharts.charts import Graph

from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    text_formatter,
)
from renderers.charts.echarts.types.networks import BY_TYPE, LABEL_GAP, node_names
from renderers.charts.measures.shares import LINK_WIDTHS
from renderers.charts.paths import link_paths

TURNS = 12
"""Positions of the first node of a graph, from one node to the next."""
ORDERS = 12
"""Orders of the nodes that are tried."""
LINE_HEIGHT = 1.3
"""In ems."""
SIDE_COSINE = 0.3
"""Nodes at steeper angles have their names above or below."""
LINK_STEPS = 24
"""Straight parts in which a link is looked at."""
LABEL_DISTANCE = 5
"""CSS pixels from a link to its value: ECharts' own."""
PLATE = (2, 3)
"""CSS pixels around a value, above and beside it."""

Points = npt.NDArray[np.float64]
"""`[n, 2]`: columns and rows, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """Nodes in this order on an ellipse, the first one at the angle `start`."""

    order: Sequence[str]
    start: float
    center: tuple[float, float]
    radii: tuple[float, float]

    def directions(self) -> Points:
        """`[nodes, 2]`: from the center to each node, on a circle of radius 1."""
        angles = self.start + math.tau * np.arange(len(self.order)) / len(self.order)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def places(self) -> Points:
        """`[nodes, 2]`: where each node is."""
        return np.asarray(np.array(self.center) + self.directions() * np.array(self.radii))


def graph(context: DrawContext) -> EchartsFigure:
    """Nodes on a ring, so that names are outside it and values on the links."""
    flow = context.spec.flow
    frame = context.frame()
    names = node_names(flow)
    start = context.sampler.whole_number("turn", 0, TURNS - 1) / TURNS * math.tau / len(names)
    size = context.label_size
    dot = context.sampler.whole_number("node_size", 18, 34)
    curve = context.sampler.pick("curve", (0.0, 0.12, 0.2))
    rx = frame.body.width / 2 - context.label_width(names) - dot / 2 - LABEL_GAP
    ry = frame.body.height / 2 - size * LINE_HEIGHT - dot / 2 - LABEL_GAP
    cx, cy = frame.body.center
    texts = [flow.number.print(link.value) for link in flow.links]
    pairs = [(link.source, link.target) for link in flow.links]
    sizes = [(context.label_width([text]), size) for text in texts]
    rings = [
        _Ring(context.sampler.shuffled(names), start, (cx, cy), (rx, ry)) for _ in range(ORDERS)
    ]
    ring = min(rings, key=lambda ring: crowding(ring.order, ring.places(), pairs, curve, sizes))
    largest = max(link.value for link in flow.links)
    thin, thick = LINK_WIDTHS
    arrows = context.sampler.flag("arrows", 0.8)
    chart = Graph().add(
        "",
        [
            {
                "name": name,
                "x": float(x),
                "y": float(y),
                "symbolSize": dot,
                "itemStyle": {"color": context.style.color(i)},
                "label": {"position": _side(*direction)},
            }
            for i, (name, (x, y), direction) in enumerate(
                zip(ring.order, ring.places(), ring.directions(), strict=True)
            )
        ],
        [
            {
                "source": link.source,
                "target": link.target,
                "value": link.value,
                "lineStyle": {"width": thin + (thick - thin) * link.value / largest},
            }
            for link in flow.links
        ],
        layout="none",
        is_roam=False,
        edge_symbol=["none", "arrow"] if arrows else ["none", "none"],
        edge_symbol_size=9,
        label_opts=context.label("right"),
        linestyle_opts=opts.LineStyleOpts(
            color=context.style.palette.faint, opacity=0.6, curve=curve
        ),
    )
    chart.options["series"][0] |= {
        "left": cx - rx,
        "top": cy - ry,
        "width": 2 * rx,
        "height": 2 * ry,
        "edgeLabel": {
            "show": True,
            "formatter": text_formatter(texts),
            "backgroundColor": context.style.palette.background,
            "padding": list(PLATE),
            "borderRadius": 2,
            **context.style.text_style(size, context.style.palette.ink),
        },
    }
    return figure(
        chart,
        context,
        frame,
        roles={"graph": BY_TYPE},
        marks={"s0": SeriesMarks(tuple((n,) for n in ring.order), link_paths(flow))},
    )


def _side(x: float, y: float) -> str:
    """Where the name of a node is that lies in this direction from the center."""
    if abs(x) > SIDE_COSINE:
        return "right" if x > 0 else "left"
    return "bottom" if y > 0 else "top"


def crowding(
    order: Sequence[str],
    places: Points,
    pairs: Sequence[tuple[str, str]],
    curve: float,
    sizes: Sequence[tuple[float, float]],
) -> int:
    """How many values of links would lie on foreign links, on other values or on nodes.

    `pairs` are the nodes of each link, `sizes` the width and height of its value in CSS pixels.
    """
    where = dict(zip(order, places, strict=True))
    links = [_curve(where[source], where[target], curve) for source, target in pairs]
    frames = [_label_frame(link, *size) for link, size in zip(links, sizes, strict=True)]
    lines = np.concatenate(links)
    middles = np.array([middle for middle, _, _ in frames])
    count = 0
    for i, (middle, along, half) in enumerate(frames):
        across = np.array([-along[1], along[0]])
        # Of two values that meet, the middle of one is within twice the room of the other.
        others = middle + (middles[:i] - middle) / 2
        away = np.concatenate([lines, others, places]) - middle
        inside = (np.abs(away @ along) < half[0]) & (np.abs(away @ across) < half[1])
        on_lines, on_values, on_nodes = np.split(inside, (len(lines), len(lines) + i))
        crossed = np.delete(on_lines.reshape(len(links), -1), i, axis=0).any(axis=1)
        count += int(np.sum(crossed) + np.sum(on_values)) + bool(on_nodes.any())
    return count


def _label_frame(
    link: Points, width: float, height: float
) -> tuple[Points, Points, tuple[float, float]]:
    """Where a value is written: its middle, the direction of its line, and half the width and
    height of its plate."""
    half = LINK_STEPS // 2
    along = link[half + 1] - link[half - 1]
    along = along / np.hypot(*along) * (1 if along[0] >= 0 else -1)
    above = np.array([along[1], -along[0]])
    room = (width / 2 + PLATE[1], height * LINE_HEIGHT / 2 + PLATE[0])
    return link[half] + above * (LABEL_DISTANCE + room[1]), along, room


def _curve(start: Points, stop: Points, curve: float) -> Points:
    """`[steps, 2]`: a link as ECharts bends it, a quadratic curve."""
    (x1, y1), (x2, y2) = start, stop
    control = np.array([(x1 + x2) / 2 - (y1 - y2) * curve, (y1 + y2) / 2 - (x2 - x1) * curve])
    t = np.linspace(0, 1, LINK_STEPS + 1)[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * stop)
