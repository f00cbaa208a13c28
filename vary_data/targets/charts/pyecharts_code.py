"""Python source that draws a chart's values with pyecharts, in ECharts' default style."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.source_code import (
    Column,
    check_plain,
    columns_of,
    digits,
    ends_of,
    items,
    text,
    texts,
)

Lines = list[str]


def pyecharts_code(chart: Chart) -> str:
    """A script that writes the chart to `chart.html`.

    Raises:
        Rejected: `annotations` for a chart with any; `axis` for a broken or symlog one;
            `no-such-form` for a type that pyecharts does not draw, or values that are not numbers
            of one unit.
    """
    check_plain(chart, ("linear", "log"))
    if chart.type not in DRAW:
        raise Rejected("no-such-form", f"no pyecharts code for {chart.type or 'this chart'}")
    used, body = DRAW[chart.type](chart)
    head = ["from pyecharts import options as opts", f"from pyecharts.charts import {used}"]
    if any("JsCode" in line for line in body):
        head.append("from pyecharts.commons.utils import JsCode")
    head.append("")
    return "\n".join([*head, *body, *_texts(chart), 'chart.render("chart.html")'])


def _texts(chart: Chart) -> Lines:
    """Titles; the options of axes only where the type has axes."""
    options = []
    if chart.title or chart.source:
        subtitle = f", subtitle={text(chart.source)}" if chart.source else ""
        options.append(f"title_opts=opts.TitleOpts(title={text(chart.title)}{subtitle})")
    if chart.type in ("heatmap", "calendar"):
        found = [float(v) for column in columns_of(chart)[1] for v in column.numbers]
        scale = f"opts.VisualMapOpts(min_={min(found):g}, max_={max(found):g})"
        options.append(f"visualmap_opts={scale}")
    if chart.type in WITH_AXES:
        for axis, title in (("xaxis", chart.x_title), ("yaxis", chart.y_title)):
            kind = _kind(chart, axis[0])
            name = f"name={text(title)}" if title else ""
            if kind or name:
                given = ", ".join(filter(None, (kind, name)))
                options.append(f"{axis}_opts=opts.AxisOpts({given})")
    if not options:
        return []
    return [
        "chart.set_global_opts(",
        *(f"    {option}," for option in options),
        ")",
        *_start(chart),
    ]


def _kind(chart: Chart, axis: str) -> str:
    """Arguments of `x` or `y`, where it needs a type or ends that ECharts would not choose."""
    log = chart.axes.get(axis, {}).get("scale") == "log"
    kind = 'type_="log"' if log else 'type_="value"' if chart.shape == "points" else ""
    ends = ends_of(chart, axis)
    shown = f"min_={ends[0]}, max_={ends[1]}" if ends else ""
    return ", ".join(filter(None, (kind, shown)))


def _start(chart: Chart) -> Lines:
    """ECharts draws bars on a logarithmic axis from one on: they begin at its low end, as on an
    axis that leaves out zero."""
    return [
        f'chart.options["{axis}Axis"][0]["startValue"] = {ends[0]}'
        for axis in ("x", "y")
        if "bar" in chart.type and (ends := ends_of(chart, axis))
    ]


def _values(column: Column, chart: Chart, of: str) -> str:
    """The items of a series; printed values are their labels where ECharts would print others."""
    if chart.steps or column.numbers == column.texts:
        return items(column.numbers)
    entries = [
        f"opts.{of}(name={text(name)}, value={value}, "
        f"label_opts=opts.LabelOpts(formatter={text(_literal(label))}))"
        for name, value, label in zip(
            columns_of(chart)[0], column.numbers, column.texts, strict=True
        )
    ]
    inner = "".join(f"        {entry},\n" for entry in entries)
    return f"[\n{inner}    ]"


def _literal(label: str) -> str:
    """A label as a formatter of ECharts, in which braces are placeholders."""
    if "{" in label:
        raise Rejected("no-such-form", f"the label {label!r} has a brace")
    return label


def _labels(chart: Chart) -> str:
    return ", label_opts=opts.LabelOpts(is_show=False)" if chart.steps else ""


def _axes_chart(name: str, item: str, more: str = "", swap: bool = False) -> Any:
    def draw(chart: Chart) -> tuple[str, Lines]:
        names, columns = columns_of(chart)
        lines = [f"chart = {name}()", f"chart.add_xaxis({texts(names)})"]
        for column in columns:
            values = _values(column, chart, item)
            lines += [f"chart.add_yaxis({text(column.name)}, {values}{more}{_labels(chart)})"]
        return name, [*lines, *(["chart.reversal_axis()"] if swap else [])]

    return draw


def _waterfall(chart: Chart) -> tuple[str, Lines]:
    names, (column, *_) = columns_of(chart)
    lines = [f"values = {items(column.numbers)}"]
    lines += ["starts = [sum(values[:i]) for i in range(len(values) - 1)] + [0]"]
    lines += ["bottoms = [min(s, s + v) for s, v in zip(starts, values)]", "chart = Bar()"]
    lines += [f"chart.add_xaxis({texts(names)})"]
    lines += ['hidden = opts.ItemStyleOpts(color="transparent")']
    lines += ['chart.add_yaxis("", bottoms, stack="sum", itemstyle_opts=hidden,',
              "    label_opts=opts.LabelOpts(is_show=False))"]  # fmt: skip
    lines += [f"labels = {texts(column.texts)}", "bars = [",
              "    opts.BarItem(name=label, value=abs(value),",
              '        label_opts=opts.LabelOpts(formatter="{b}"))',
              "    for label, value in zip(labels, values)", "]"]  # fmt: skip
    return "Bar", [*lines, 'chart.add_yaxis("", bars, stack="sum")']


def _bar_line(chart: Chart) -> tuple[str, Lines]:
    names, columns = columns_of(chart)
    bar, line = columns
    title = f"name={text(chart.y2_title)}" if chart.y2_title else ""
    lines = ["chart = Bar()", f"chart.add_xaxis({texts(names)})"]
    lines += [
        f"chart.add_yaxis({text(bar.name)}, {_values(bar, chart, 'BarItem')}{_labels(chart)})"
    ]
    lines += [f"chart.extend_axis(yaxis=opts.AxisOpts({title}))", "line = Line()"]
    lines += [f"line.add_xaxis({texts(names)})"]
    values = _values(line, chart, "LineItem")
    lines += [f"line.add_yaxis({text(line.name)}, {values}, yaxis_index=1{_labels(chart)})"]
    return "Bar, Line", [*lines, "chart.overlap(line)"]


def _named(name: str, more: str = "") -> Callable[[Chart], tuple[str, Lines]]:
    """Charts of names and values: pies, funnels, gauges."""

    def draw(chart: Chart) -> tuple[str, Lines]:
        names, (column, *_) = columns_of(chart)
        pairs = [f"({text(n)}, {v})" for n, v in zip(names, column.numbers, strict=True)]
        labels = [f"{n}: {v}" for n, v in zip(names, column.texts, strict=True)]
        if name == "Gauge":
            unit = column.texts[0].replace(column.numbers[0], "{value}")
            detail = f', detail_label_opts=opts.GaugeDetailOpts(formatter="{unit}")'
            return name, [f"chart = {name}()", f'chart.add("", {items(pairs)}{detail})']
        pairs = [f"({text(label)}, {v})" for label, v in zip(labels, column.numbers, strict=True)]
        shown = ', label_opts=opts.LabelOpts(formatter="{b}")'
        return name, [f"chart = {name}()", f'chart.add("", {items(pairs)}{more}{shown})']

    return draw


def _radar(chart: Chart) -> tuple[str, Lines]:
    names, columns = columns_of(chart)
    top = max(float(value) for column in columns for value in column.numbers)
    limit = f"{float(f'{top * 1.1:.2g}'):g}"
    indicators = [f"opts.RadarIndicatorItem(name={text(n)}, max_={limit})" for n in names]
    inner = "".join(f"    {indicator},\n" for indicator in indicators)
    lines = ["chart = Radar()", f"chart.add_schema([\n{inner}])"]
    for column in columns:
        lines += [f"chart.add({text(column.name)}, [{items(column.numbers)}]{_labels(chart)})"]
    return "Radar", lines


def _heatmap(chart: Chart) -> tuple[str, Lines]:
    names, columns = columns_of(chart)
    cells = [
        f"[{c}, {r}, {value}]"
        for r, column in enumerate(columns)
        for c, value in enumerate(column.numbers)
    ]
    rows = texts(column.name for column in columns)
    lines = ["chart = HeatMap()", f"chart.add_xaxis({texts(names)})"]
    shown = ", label_opts=opts.LabelOpts(is_show=True)"
    return "HeatMap", [*lines, f'chart.add_yaxis("", {rows}, {items(cells)}{shown})']


def _points(name: str) -> Callable[[Chart], tuple[str, Lines]]:
    def draw(chart: Chart) -> tuple[str, Lines]:
        series = chart.points()
        rows = [fields for _, points in series for _, fields in points]
        xs, ys = (
            digits([fields[axis] for fields in rows], chart.printed_in) for axis in ("x", "y")
        )
        sized = all("size" in fields for fields in rows)
        sizes = digits([fields["size"] for fields in rows], chart.printed_in) if sized else ()
        largest = max((float(size) for size in sizes), default=1.0)
        lines, start = [f"chart = {name}()"], 0
        for label, points in series:
            entries = []
            for point, _ in points:
                size = third = ""
                if sized:
                    size = f", symbol_size={40 * (float(sizes[start]) / largest) ** 0.5:.4g}"
                    third = f", {sizes[start]}"
                value = f"[{xs[start]}, {ys[start]}{third}]"
                entries.append(f"opts.ScatterItem(name={text(point)}, value={value}{size})")
                start += 1
            inner = "".join(f"    {entry},\n" for entry in entries)
            here = xs[start - len(points) : start]
            lines += [f"chart.add_xaxis({items(here)})"]
            named = not all(point.isdecimal() for point, _ in points)
            shown = 'formatter="{b}", position="right"' if named else "is_show=False"
            given = f"label_opts=opts.LabelOpts({shown})"
            lines += [f"chart.add_yaxis({text(label)}, [\n{inner}], {given})"]
        return name, lines

    return draw


def _summary(name: str, fields: Sequence[str]) -> Callable[[Chart], tuple[str, Lines]]:
    """Box plots and candles: a list of figures for each category."""

    def draw(chart: Chart) -> tuple[str, Lines]:
        names, columns = columns_of(chart)
        by_name = {column.name: column.numbers for column in columns}
        if set(by_name) != set(fields):
            raise Rejected("no-such-form", f"{name} needs {', '.join(fields)}")
        rows = [items([by_name[f][i] for f in fields]) for i in range(len(names))]
        lines = [f"chart = {name}()", f"chart.add_xaxis({texts(names)})"]
        return name, [*lines, f'chart.add_yaxis("", {items(rows)})']

    return draw


def _calendar(chart: Chart) -> tuple[str, Lines]:
    names, (column, *_) = columns_of(chart)
    pairs = [f"[{text(n)}, {v}]" for n, v in zip(names, column.numbers, strict=True)]
    options = f"calendar_opts=opts.CalendarOpts(range_={text(names[0][:7])})"
    shown = 'label_opts=opts.LabelOpts(is_show=True, formatter="{@[1]}")'
    line = f'chart.add("", {items(pairs)}, {options}, {shown})'
    return "Calendar", ["chart = Calendar()", line]


def _tree(name: str) -> Callable[[Chart], tuple[str, Lines]]:
    def draw(chart: Chart) -> tuple[str, Lines]:
        texts_of = [value for _, value in chart.leaves()]
        found = iter(zip(digits(texts_of, chart.printed_in), texts_of, strict=True))

        def nodes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
            result = []
            for label, value in values.items():
                if isinstance(value, str):
                    plain, printed = next(found)
                    result.append({"name": f"{label}: {printed}", "value": json.loads(plain)})
                else:
                    result.append({"name": label, "children": nodes(value)})
            return result

        data = json.dumps(nodes(chart.values), ensure_ascii=False, indent=4)
        more = ', label_opts=opts.LabelOpts(formatter="{b}")' if name == "Sunburst" else ""
        argument = 'chart.add("", data' + more + ")"
        return name, [f"data = {data}", f"chart = {name}()", argument]

    return draw


def _flow(name: str) -> Callable[[Chart], tuple[str, Lines]]:
    def draw(chart: Chart) -> tuple[str, Lines]:
        leaves = list(chart.leaves())
        found = digits([value for _, value in leaves], chart.printed_in)
        nodes = items([f'{{"name": {text(n)}}}' for n in dict.fromkeys(
            node for path, _ in leaves for node in path)])  # fmt: skip
        links = [
            f'{{"source": {text(source)}, "target": {text(target)}, "value": {value}}}'
            for ((source, target), _), value in zip(leaves, found, strict=True)
        ]
        inner = "".join(f"    {link},\n" for link in links)
        lines = [f"nodes = {nodes}", f"links = [\n{inner}]", f"chart = {name}()"]
        more = ""
        if name == "Graph":
            more = ', layout="circular", edge_label=opts.LabelOpts(formatter="{c}")'
        return name, [*lines, f'chart.add("", nodes, links{more})']

    return draw


def _river(chart: Chart) -> tuple[str, Lines]:
    names, columns = columns_of(chart)
    rows = [
        f"[{i}, {value}, {text(column.name)}]"
        for column in columns
        for i, value in enumerate(column.numbers)
    ]
    lines = [f"names = {texts(names)}", ""]
    lines += [f'axis = opts.SingleAxisOpts(type_="value", max_={len(names) - 1})']
    lines += ['axis.update(axisLabel={"formatter": JsCode(f"i => {names}[i]")})']
    labels = texts(column.name for column in columns)
    lines += ["chart = ThemeRiver()"]
    return "ThemeRiver", [*lines, f"chart.add({labels}, {items(rows)}, singleaxis_opts=axis)"]


def _parallel(chart: Chart) -> tuple[str, Lines]:
    names, columns = columns_of(chart)
    axes = items([f'{{"dim": {i}, "name": {text(name)}}}' for i, name in enumerate(names)])
    lines = ["chart = Parallel()", f"chart.add_schema({axes})"]
    for column in columns:
        lines += [f"chart.add({text(column.name)}, [{items(column.numbers)}])"]
    return "Parallel", lines


def _polar(chart: Chart) -> tuple[str, Lines]:
    names, (column, *_) = columns_of(chart)
    axis = f'opts.RadiusAxisOpts(data={texts(names)}, type_="category")'
    lines = ["chart = Polar()", f"chart.add_schema(radiusaxis_opts={axis},",
             "    angleaxis_opts=opts.AngleAxisOpts())"]  # fmt: skip
    return "Polar", [*lines, f'chart.add("", {items(column.numbers)}, type_="bar")']


_LINE_AREA = ", areastyle_opts=opts.AreaStyleOpts(opacity=0.5)"
DRAW: dict[str, Callable[[Chart], tuple[str, Lines]]] = {
    **dict.fromkeys(
        ("bar", "diverging_bar", "grouped_bar", "histogram"), _axes_chart("Bar", "BarItem")
    ),
    "horizontal_bar": _axes_chart("Bar", "BarItem", swap=True),
    **dict.fromkeys(("stacked_bar", "percent_bar"), _axes_chart("Bar", "BarItem", ', stack="sum"')),
    "pictorial_bar": _axes_chart("PictorialBar", "BarItem"),
    "waterfall": _waterfall,
    **dict.fromkeys(("line", "multi_line"), _axes_chart("Line", "LineItem")),
    "step": _axes_chart("Line", "LineItem", ", is_step=True"),
    "area": _axes_chart("Line", "LineItem", _LINE_AREA),
    "stacked_area": _axes_chart("Line", "LineItem", f', stack="sum"{_LINE_AREA}'),
    "bar_line": _bar_line,
    "pie": _named("Pie"),
    "donut": _named("Pie", ', radius=["40%", "70%"]'),
    "rose": _named("Pie", ', rosetype="area"'),
    "funnel": _named("Funnel"),
    "gauge": _named("Gauge"),
    "radar": _radar,
    "heatmap": _heatmap,
    "calendar": _calendar,
    **dict.fromkeys(("scatter", "bubble", "effect_scatter"), _points("Scatter")),
    "box": _summary("Boxplot", ("min", "q1", "median", "q3", "max")),
    "candlestick": _summary("Kline", ("open", "close", "low", "high")),
    **dict.fromkeys(("treemap", "icicle", "org_chart", "mind_map"), _tree("TreeMap")),
    "sunburst": _tree("Sunburst"),
    "sankey": _flow("Sankey"),
    **dict.fromkeys(("graph", "flowchart"), _flow("Graph")),
    "theme_river": _river,
    "parallel": _parallel,
    "polar_bar": _polar,
}
"""The writer of each type that pyecharts draws."""
WITH_AXES = frozenset(
    {
        "bar", "diverging_bar", "grouped_bar", "histogram", "horizontal_bar", "stacked_bar",
        "percent_bar", "waterfall", "line", "multi_line", "step", "area", "stacked_area",
        "bar_line", "scatter", "bubble", "effect_scatter", "box", "candlestick", "heatmap",
        "pictorial_bar",
    }
)  # fmt: skip
