"""Trees and flows: treemap, sunburst, Sankey diagram."""

from __future__ import annotations

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Sankey, Sunburst, TreeMap

from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    fixed_text_formatter,
    text_formatter,
)
from renderers.charts.palette import blend
from renderers.charts.paths import link_paths, node_paths
from renderers.charts.spec import Flow, Node, Tree

PADDING, LABEL_GAP = 4, 8
"""Around the chart, and between a node and its name, in CSS pixels."""
MIN_SUNBURST = 0.45
"""Least radius with labels, as a share of the radius without them."""
DARKEST_TINT = 0.92
"""Opacity of a node's color over white in its first child; others are up to 0.5 lighter."""
HEADER_HEIGHT = 1.7
"""Of the name above a group of a treemap, in ems."""
INNER_RING = 0.64
"""Share of the ring's width that the inner ring of a sunburst takes."""

_BY_LEAF = {"by": "leaf", "leaf": "label", "inner": "category"}
BY_TYPE = {"by": "type", "node": "category", "edge": "value"}
LABEL_FADE_IN = 3000
"""Milliseconds: ECharts fades the labels of a treemap in even when animation is off."""


def treemap(context: DrawContext) -> EchartsFigure:
    """Rectangles with areas by value, those of a group within it."""
    tree = context.spec.tree
    frame = context.frame()
    size = context.label_size
    bar = math.ceil(size * HEADER_HEIGHT)

    def item(node: Node, color: str, depth: int) -> dict[str, Any]:
        item_style = {"color": color, "borderColor": context.style.palette.background}
        if node.children:
            shades = _shades(color, len(node.children))
            return {
                "name": node.name,
                "itemStyle": item_style | {"borderColor": color, "borderWidth": 2, "gapWidth": 1},
                "upperLabel": {
                    "show": True,
                    "height": bar,
                    "formatter": fixed_text_formatter(node.name),
                    "overflow": "none",
                    "padding": [0, 6],
                    **context.style.text_style(size, context.ink_on(color), bold=True),
                },
                "children": [
                    item(c, s, depth + 1) for c, s in zip(node.children, shades, strict=True)
                ],
            }
        content = f"{node.name}\n{tree.number.print(node.value)}"
        label = {
            "formatter": fixed_text_formatter(content),
            **context.style.text_style(size, context.ink_on(color)),
        }
        return {"name": node.name, "value": node.value, "itemStyle": item_style, "label": label}

    chart = TreeMap().add(
        "",
        [item(node, context.style.color(i), 0) for i, node in enumerate(tree.roots)],
        pos_left=frame.body.left,
        pos_top=frame.body.top,
        width=frame.body.width,
        height=frame.body.height,
        roam=False,
        node_click=False,
        visible_min=0,
        label_opts={"show": True, "position": "inside", "overflow": "none", "padding": 2},
        upper_label_opts={"show": False},
        breadcrumb_opts=opts.TreeMapBreadcrumbOpts(is_show=False),
    )
    chart.options["series"][0] |= {
        "squareRatio": context.sampler.pick("square_ratio", (0.6, 1.0, 1.62)),
        "levels": [{"itemStyle": {"borderWidth": 0, "gapWidth": 3}}],
    }
    return figure(
        chart,
        context,
        frame,
        roles={"treemap": _BY_LEAF},
        marks={"s0": _tree_marks(tree)},
        clock=LABEL_FADE_IN,
    )


def sunburst(context: DrawContext) -> EchartsFigure:
    """Groups on an inner ring and their members on an outer one."""
    tree = context.spec.tree
    frame = context.frame()
    size = context.label_size
    outside = [
        f"{leaf.name}  {tree.number.print(leaf.value)}"
        for root in tree.roots
        for leaf in _leaves(root)
    ]
    radius = min(frame.body.width, frame.body.height) / 2 - PADDING
    label_width = context.label_width(outside)
    radius = max(radius - label_width - LABEL_GAP, radius * MIN_SUNBURST)

    def item(node: Node, color: str) -> dict[str, Any]:
        if node.children:
            name = context.ruler.wrap(node.name, size, radius * 0.5)
            return {
                "name": node.name,
                "itemStyle": {"color": color},
                "label": {
                    "rotate": 0,
                    "formatter": fixed_text_formatter(name),
                    **context.style.text_style(size, context.ink_on(color)),
                },
                "children": [
                    item(c, s)
                    for c, s in zip(node.children, _shades(color, len(node.children)), strict=True)
                ],
            }
        content = f"{node.name}  {tree.number.print(node.value)}"
        label = {
            "position": "outside",
            "rotate": "radial",
            "distance": 4,
            "padding": 0,
            "formatter": fixed_text_formatter(content),
            **context.style.text_style(size, context.style.palette.ink),
        }
        return {
            "name": node.name,
            "value": node.value,
            "itemStyle": {"color": color},
            "label": label,
        }

    # The inner ring is the wider one: its names are inside.
    hole = radius * context.sampler.pick("hole", (0.0, 0.15, 0.25))
    middle = hole + (radius - hole) * INNER_RING
    chart = Sunburst().add(
        "",
        [item(node, context.style.color(i)) for i, node in enumerate(tree.roots)],
        center=frame.body.center,
        radius=[hole, radius],
        levels=[{}, {"r0": hole, "r": middle}, {"r0": middle, "r": radius}],
        sort_=None,
        node_click=False,
        label_opts={"show": True, "minAngle": 0, "overflow": "none"},
        itemstyle_opts={"borderColor": context.style.palette.background, "borderWidth": 1.5},
    )
    return figure(
        chart, context, frame, roles={"sunburst": _BY_LEAF}, marks={"s0": _tree_marks(tree)}
    )


def sankey(context: DrawContext) -> EchartsFigure:
    """Flows between names at the left and at the right, as wide as their values."""
    flow = context.spec.flow
    frame = context.frame()
    size = context.label_size
    nodes = node_names(flow)
    sinks = {link.target for link in flow.links}
    left = [n for n in nodes if n not in sinks]
    right = [n for n in nodes if n in sinks]
    thick = context.sampler.whole_number("node_width", 12, 24)
    texts = [flow.number.print(link.value) for link in flow.links]
    area = frame.body.inset(
        left=context.label_width(left) + LABEL_GAP,
        right=context.label_width(right) + LABEL_GAP,
        top=4,
        bottom=4,
    )
    chart = Sankey().add(
        "",
        [
            {
                "name": name,
                "itemStyle": {"color": context.style.color(i)},
                "label": {"position": "left" if name in left else "right"},
            }
            for i, name in enumerate(nodes)
        ],
        [
            {"source": link.source, "target": link.target, "value": link.value}
            for link in flow.links
        ],
        pos_left=area.left,
        pos_top=area.top,
        pos_right=frame.width - area.right,
        pos_bottom=frame.height - area.bottom,
        node_width=thick,
        node_gap=context.sampler.whole_number("node_gap", 12, 22),
        layout_iterations=32,
        is_draggable=False,
        label_opts=context.label("right"),
        linestyle_opt=opts.LineStyleOpts(
            opacity=0.35, curve=0.5, color=context.sampler.pick("link_color", ("source", "target"))
        ),
    )
    chart.options["series"][0]["edgeLabel"] = {
        "show": True,
        "formatter": text_formatter(texts),
        **context.style.text_style(size, context.style.palette.ink),
    }
    return figure(
        chart,
        context,
        frame,
        roles={"sankey": BY_TYPE},
        marks={"s0": SeriesMarks(tuple((n,) for n in nodes), link_paths(flow))},
    )


def _tree_marks(tree: Tree) -> SeriesMarks:
    """ECharts numbers nodes as they are listed, after a root that holds all of them."""
    return SeriesMarks(((), *(path for path, _ in node_paths(tree.roots))))


def _shades(color: str, count: int) -> list[str]:
    """Tints of a color, for the children of a node."""
    return [blend(color, "#ffffff", DARKEST_TINT - 0.5 * i / max(count, 2)) for i in range(count)]


def _leaves(node: Node) -> list[Node]:
    if not node.children:
        return [node]
    return [leaf for child in node.children for leaf in _leaves(child)]


def node_names(flow: Flow) -> list[str]:
    """The names of all nodes, in the order of their links."""
    return list(dict.fromkeys(n for link in flow.links for n in (link.source, link.target)))
