"""Python source that draws a chart's values with matplotlib, in its own default style."""

from __future__ import annotations

from collections.abc import Callable

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.matplotlib_further import FURTHER
from vary_data.targets.charts.matplotlib_parts import (
    Lines,
    at_points,
    bar_labels,
    names_line,
    series_line,
    turned,
)
from vary_data.targets.charts.matplotlib_plane import PLANE
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

CHINESE_FONTS = ["Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "Microsoft YaHei"]


def matplotlib_code(chart: Chart) -> str:
    """A script that shows the chart; the last line is `plt.show()`.

    Raises:
        Rejected: `annotations` for a chart with any; `axis` for a broken one; `no-such-form` for a
            type that matplotlib does not draw, or values that are not numbers of one unit.
    """
    check_plain(chart, ("linear", "log", "symlog"))
    if chart.type not in DRAW:
        raise Rejected("no-such-form", f"no matplotlib code for {chart.type or 'this chart'}")
    body = DRAW[chart.type](chart)
    head = ["import matplotlib.pyplot as plt", *(["import numpy as np"] if _uses(body) else []), ""]
    if chart.lang == "zh":
        fonts = texts([*CHINESE_FONTS, "sans-serif"])
        head += [f'plt.rcParams["font.family"] = {fonts}']
        head += ['plt.rcParams["axes.unicode_minus"] = False', ""]
    shown = [*_texts(chart), *_axes(chart)]
    return "\n".join([*head, *body, *shown, "fig.tight_layout()", "plt.show()"])


def _uses(body: Lines) -> bool:
    return any("np." in line for line in body)


def _texts(chart: Chart) -> Lines:
    lines = []
    for method, value in (
        ("set_title", chart.title),
        ("set_xlabel", chart.x_title),
        ("set_ylabel", chart.y_title),
    ):
        if value:
            lines.append(f"ax.{method}({text(value)}, parse_math=False)")
    if chart.y2_title:
        lines.append(f"ax2.set_ylabel({text(chart.y2_title)}, parse_math=False)")
    if chart.source:
        source = text(chart.source)
        lines.append(f'fig.text(0.01, 0.01, {source}, fontsize="small", parse_math=False)')
    return lines


def _axes(chart: Chart) -> Lines:
    """Scales of value axes that are not linear, and ends of those that leave out zero."""
    lines = []
    for name, facts in chart.axes.items():
        if name not in ("x", "y"):
            continue
        if facts.get("scale") == "log":
            lines.append(f'ax.set_{name}scale("log")')
        if facts.get("scale") == "symlog":
            threshold = float(facts.get("threshold", 1))
            lines.append(f'ax.set_{name}scale("symlog", linthresh={threshold:.12g})')
        if ends := ends_of(chart, name):
            lines.append(f"ax.set_{name}lim({', '.join(ends)})")
    return lines


def _bars(method: str) -> Callable[[Chart], Lines]:
    def draw(chart: Chart) -> Lines:
        names, (column, *_) = columns_of(chart)
        width = ", width=1" if chart.type == "histogram" else ""
        lines = [names_line(names), f"values = {items(column.numbers)}", ""]
        lines += ["fig, ax = plt.subplots()", f"bars = ax.{method}(names, values{width})"]
        lines += bar_labels("bars", column, chart)
        return [*lines, "ax.invert_yaxis()"] if method == "barh" else [*lines, turned("ax")]

    return draw


def _lollipop(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    lines = [names_line(names), f"values = {items(column.numbers)}", "", "fig, ax = plt.subplots()"]
    lines += ['ax.vlines(names, 0, values, colors="tab:gray")', 'ax.plot(names, values, "o")']
    return [*lines, *([] if chart.steps else at_points("names", column)), turned("ax")]


def _grouped(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    width = round(0.8 / len(columns), 3)
    method = "barh" if chart.horizontal else "bar"
    lines = [names_line(names), series_line(columns), "", "x = np.arange(len(names))"]
    lines += ["fig, ax = plt.subplots()", "for i, (name, values) in enumerate(series.items()):"]
    lines += [f"    ax.{method}(x + i * {width}, values, {width}, label=name)"]
    for i, column in enumerate(columns):
        lines += bar_labels(f"ax.containers[{i}]", column, chart)
    shift = round(width * (len(columns) - 1) / 2, 4)
    if chart.horizontal:
        return [*lines, f"ax.set_yticks(x + {shift}, names)", "ax.invert_yaxis()", "ax.legend()"]
    return [*lines, f"ax.set_xticks(x + {shift}, names, rotation=45)", "ax.legend()"]


def _stacked(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names), series_line(columns), "", "fig, ax = plt.subplots()"]
    method, base = ("barh", "left") if chart.horizontal else ("bar", "bottom")
    lines += [f"{base} = np.zeros(len(names))", "for name, values in series.items():"]
    lines += [f"    ax.{method}(names, values, {base}={base}, label=name)", f"    {base} += values"]
    for i, column in enumerate(columns):
        lines += bar_labels(f"ax.containers[{i}]", column, chart, label_type='"center"')
    last = "ax.invert_yaxis()" if chart.horizontal else turned("ax")
    return [*lines, last, "ax.legend()"]


def _pyramid(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    left, right = columns
    lines = [
        names_line(names),
        f"left = {items(left.numbers)}",
        f"right = {items(right.numbers)}",
        "",
    ]
    lines += ["fig, ax = plt.subplots()"]
    lines += [f"ax.barh(names, [-value for value in left], label={text(left.name)})"]
    lines += [f"ax.barh(names, right, label={text(right.name)})"]
    lines += bar_labels("ax.containers[0]", left, chart) + bar_labels(
        "ax.containers[1]", right, chart
    )
    return [*lines, "ax.legend()"]


def _waterfall(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    lines = [names_line(names), f"values = {items(column.numbers)}", ""]
    lines += ["bottom = np.cumsum(values) - values", "bottom[-1] = 0  # the last bar is the sum"]
    lines += ["fig, ax = plt.subplots()", "bars = ax.bar(names, values, bottom=bottom)"]
    return [*lines, *bar_labels("bars", column, chart), turned("ax")]


def _lines(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    style = {"step": ', drawstyle="steps-mid"', "survival": ', drawstyle="steps-post"'}.get(
        chart.type, ', marker="o"'
    )
    lines = [names_line(names), series_line(columns), "", "fig, ax = plt.subplots()"]
    lines += ["for name, values in series.items():"]
    lines += [f"    ax.plot(names, values{style}, label=name)"]
    for column in [] if chart.steps else columns:
        lines += at_points("names", column)
    lines += ["ax.invert_yaxis()"] if chart.type == "bump" else []
    return [*lines, turned("ax"), *(["ax.legend()"] if columns[0].name else [])]


def _area(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    lines = [names_line(names), f"values = {items(column.numbers)}", "", "fig, ax = plt.subplots()"]
    lines += ["ax.plot(names, values)", "ax.fill_between(names, values, alpha=0.4)"]
    return [*lines, *([] if chart.steps else at_points("names", column)), turned("ax")]


def _stacked_area(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    baseline = ', baseline="sym"' if chart.type == "theme_river" else ""
    lines = [names_line(names), series_line(columns), "", "fig, ax = plt.subplots()"]
    lines += [f"ax.stackplot(names, series.values(), labels=series.keys(){baseline})"]
    return [*lines, turned("ax"), "ax.legend()"]


def _bar_line(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    bar, line = columns
    lines = [names_line(names), f"bar_values = {items(bar.numbers)}"]
    lines += [f"line_values = {items(line.numbers)}", "", "fig, ax = plt.subplots()"]
    lines += [f"bars = ax.bar(names, bar_values, label={text(bar.name)})"]
    lines += [*bar_labels("bars", bar, chart), turned("ax"), "ax2 = ax.twinx()"]
    lines += [f'ax2.plot(names, line_values, "o-", color="tab:red", label={text(line.name)})']
    lines += [] if chart.steps else at_points("names", line, "ax2")
    return [*lines, "fig.legend()"]


def _pie(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    width = ', wedgeprops={"width": 0.4}' if chart.type == "donut" else ""
    labels = [f"{name}: {value}" for name, value in zip(names, column.texts, strict=True)]
    lines = [f"labels = {texts(labels)}", f"values = {items(column.numbers)}", ""]
    lines += ["fig, ax = plt.subplots()"]
    return [*lines, f'ax.pie(values, labels=labels{width}, textprops={{"parse_math": False}})']


def _polar_bars(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    labels = [f"{name}: {value}" for name, value in zip(names, column.texts, strict=True)]
    lines = [names_line(tuple(labels), "labels"), f"values = {items(column.numbers)}", ""]
    lines += ["angles = np.arange(len(values)) * 2 * np.pi / len(values)"]
    lines += ['fig, ax = plt.subplots(subplot_kw={"projection": "polar"})']
    lines += ["ax.bar(angles, values, width=2 * np.pi / len(values), alpha=0.8)"]
    return [*lines, "ax.set_xticks(angles, labels)", "ax.set_yticks([])"]


def _radar(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names), series_line(columns), ""]
    lines += ["angles = np.arange(len(names)) * 2 * np.pi / len(names)"]
    lines += ['fig, ax = plt.subplots(subplot_kw={"projection": "polar"})']
    lines += ["for name, values in series.items():"]
    lines += ["    ax.fill(angles, values, alpha=0.3, label=name)"]
    for column in [] if chart.steps else columns:
        lines += at_points("angles", column)
    return [*lines, "ax.set_xticks(angles, names)", *(["ax.legend()"] if columns[0].name else [])]


def _heatmap(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    rows = ",\n".join(f"    {items(column.numbers, 4)}" for column in columns)
    labels = ",\n".join(f"    {texts(column.texts, 4)}" for column in columns)
    lines = [f"columns = {texts(names)}", f"rows = {texts(column.name for column in columns)}"]
    lines += [f"values = [\n{rows},\n]", f"labels = [\n{labels},\n]", ""]
    lines += ["fig, ax = plt.subplots()", 'ax.imshow(values, cmap="Blues", aspect="auto")']
    lines += ["ax.set_xticks(range(len(columns)), columns, rotation=45)"]
    lines += ["ax.set_yticks(range(len(rows)), rows)", "for r, row in enumerate(labels):"]
    lines += ["    for c, label in enumerate(row):"]
    return [*lines, '        ax.text(c, r, label, ha="center", va="center", parse_math=False)']


def _points(chart: Chart) -> Lines:
    series = chart.points()
    rows = [fields for _, points in series for _, fields in points]
    xs, ys = (digits([fields[axis] for fields in rows], chart.printed_in) for axis in ("x", "y"))
    sized = all("size" in fields for fields in rows)
    sizes = digits([fields["size"] for fields in rows], chart.printed_in) if sized else ()
    lines, start = ["fig, ax = plt.subplots()"], 0
    largest = max((float(size) for size in sizes), default=1.0)
    for name, points in series:
        here = slice(start, start + len(points))
        start += len(points)
        scale = (
            f", s=[{400 / largest:.6g} * size for size in {items(sizes[here], 4)}]" if sized else ""
        )
        label = f", label={text(name)}" if name else ""
        lines += [f"ax.scatter({items(xs[here])}, {items(ys[here])}{scale}{label})"]
        names = [point for point, _ in points]
        if sized or not all(point.isdecimal() for point in names):
            labels = [f"{point} ({fields['size']})" if sized else point for point, fields in points]
            lines += [f"for x, y, label in zip({items(xs[here])}, {items(ys[here])}, "
                      f"{texts(labels)}):",
                      "    ax.annotate(label, (x, y), parse_math=False)"]  # fmt: skip
    return [*lines, *(["ax.legend()"] if series[0][0] else [])]


def _box(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    keys = {"min": "whislo", "q1": "q1", "median": "med", "q3": "q3", "max": "whishi"}
    if [column.name for column in columns] != list(keys):
        raise Rejected("no-such-form", "a box needs min, q1, median, q3 and max")
    boxes = [
        ", ".join(
            [f'"label": {text(name)}']
            + [f'"{keys[column.name]}": {column.numbers[i]}' for column in columns]
        )
        for i, name in enumerate(names)
    ]
    rows = "".join(f"    {{{box}}},\n" for box in boxes)
    return [
        f"boxes = [\n{rows}]",
        "",
        "fig, ax = plt.subplots()",
        "ax.bxp(boxes, showfliers=False)",
    ]


def _error_bars(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    mean, error = columns
    lines = [
        names_line(names),
        f"means = {items(mean.numbers)}",
        f"errors = {items(error.numbers)}",
    ]
    lines += ["", "fig, ax = plt.subplots()"]
    lines += ['ax.errorbar(names, means, yerr=errors, fmt="o", capsize=4)']
    if not chart.steps:
        labels = tuple(f"{a} ± {b}" for a, b in zip(mean.texts, error.texts, strict=True))
        lines += at_points("names", Column("", mean.numbers, labels))
    return [*lines, turned("ax")]


def _dumbbell(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names), series_line(columns), "", "fig, ax = plt.subplots()"]
    lines += ['ax.hlines(names, *series.values(), colors="tab:gray")']
    lines += ["for name, values in series.items():", '    ax.plot(values, names, "o", label=name)']
    for column in columns:
        lines += [f"for x, y, label in zip({items(column.numbers)}, names, {texts(column.texts)}):"]
        lines += ['    ax.annotate(label, (x, y), (0, 5), textcoords="offset points")']
    return [*lines, "ax.legend()"]


def _candles(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    by_name = {column.name: column for column in columns}
    if set(by_name) != {"open", "close", "low", "high"}:
        raise Rejected("no-such-form", "a candle needs open, close, low and high")
    lines = [names_line(names)]
    lines += [f"{name}_ = {items(column.numbers)}" for name, column in by_name.items()]
    lines += ["", "fig, ax = plt.subplots()", "ax.vlines(names, low_, high_)"]
    lines += ['colors = ["tab:green" if c >= o else "tab:red" for o, c in zip(open_, close_)]']
    lines += ["ax.bar(names, np.subtract(close_, open_), bottom=open_, color=colors)"]
    return [*lines, turned("ax")]


DRAW: dict[str, Callable[[Chart], Lines]] = {
    **dict.fromkeys(("bar", "diverging_bar", "histogram"), _bars("bar")),
    "horizontal_bar": _bars("barh"),
    "lollipop": _lollipop,
    **dict.fromkeys(("grouped_bar", "horizontal_grouped_bar"), _grouped),
    **dict.fromkeys(
        ("stacked_bar", "percent_bar", "horizontal_stacked_bar", "horizontal_percent_bar"), _stacked
    ),
    "pyramid": _pyramid,
    "waterfall": _waterfall,
    **dict.fromkeys(("line", "multi_line", "step", "slope", "bump", "survival"), _lines),
    "area": _area,
    **dict.fromkeys(("stacked_area", "theme_river"), _stacked_area),
    "bar_line": _bar_line,
    **dict.fromkeys(("pie", "donut"), _pie),
    **dict.fromkeys(("rose", "polar_bar"), _polar_bars),
    "radar": _radar,
    **dict.fromkeys(("heatmap", "confusion_matrix", "histogram_2d"), _heatmap),
    **dict.fromkeys(("scatter", "bubble", "effect_scatter", "hexbin"), _points),
    **dict.fromkeys(("box", "violin", "box_points", "strip", "swarm"), _box),
    "error_bar": _error_bars,
    "dumbbell": _dumbbell,
    "candlestick": _candles,
    **FURTHER,
    **PLANE,
}
"""The writer of each type that matplotlib draws without further packages."""
