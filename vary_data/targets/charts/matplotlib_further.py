"""Code of charts of studies, plans and maps: intervals, targets, curves, tiles, sets, events."""

from __future__ import annotations

from collections.abc import Callable

from renderers.charts.catalog import SET_JOINT
from renderers.charts.tile_grids import tile_grid
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.matplotlib_parts import (
    FIGURE,
    Lines,
    bar_labels,
    names_line,
    series_line,
    turned,
)
from vary_data.targets.charts.source_code import columns_of, digits, items, text, texts


def _range(chart: Chart) -> Lines:
    names, (low, high) = columns_of(chart)
    lines = [names_line(names), f"low = {items(low.numbers)}", f"high = {items(high.numbers)}", ""]
    lines += [FIGURE, "ax.bar(names, np.subtract(high, low), bottom=low)"]
    if not chart.steps:
        for values, column, at in (("low", low, "top"), ("high", high, "bottom")):
            lines += [f"for name, value, label in zip(names, {values}, {texts(column.texts)}):"]
            lines += [f'    ax.text(name, value, label, ha="center", va="{at}", parse_math=False)']
    return [*lines, turned("ax")]


def _bullet(chart: Chart) -> Lines:
    names, (reached, target) = columns_of(chart)
    lines = [names_line(names), f"values = {items(reached.numbers)}"]
    lines += [f"targets = {items(target.numbers)}", "", FIGURE]
    lines += [f"ax.barh(names, values, label={text(reached.name)})"]
    lines += [f'ax.plot(targets, names, "k|", markersize=20, label={text(target.name)})']
    return [*lines, "ax.invert_yaxis()", "ax.legend()"]


def _forest(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names)]
    lines += [f"{column.name} = {items(column.numbers)}" for column in columns]
    lines += ["", FIGURE, 'ax.plot(estimate, names, "s")', "ax.hlines(names, lower, upper)"]
    if not chart.steps:
        rows = zip(*(column.texts for column in columns), strict=True)
        labels = texts(f"{a} ({b}–{c})" for a, b, c in rows)
        lines += [f"for x, name, label in zip(upper, names, {labels}):"]
        lines += ['    ax.annotate(label, (x, name), (6, 0), textcoords="offset points")']
    return [*lines, 'ax.axvline(1, color="tab:gray", linestyle="--")', "ax.invert_yaxis()"]


def _gantt(chart: Chart) -> Lines:
    names, (start, end) = columns_of(chart)
    lines = [names_line(names), f"start = {items(start.numbers)}", f"end = {items(end.numbers)}"]
    lines += ["", FIGURE, "ax.barh(names, np.subtract(end, start), left=start)"]
    return [*lines, "ax.invert_yaxis()"]


def _interval(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names)]
    lines += [f"{column.name} = {items(column.numbers)}" for column in columns]
    lines += ["", FIGURE, "ax.fill_between(names, lower, upper, alpha=0.3)"]
    for name, style in (("lower", ":"), ("mean", "-"), ("upper", ":")):
        lines += [f'ax.plot(names, {name}, "{style}", color="tab:blue")']
    return [*lines, turned("ax")]


def _curves(chart: Chart) -> Lines:
    lines = [FIGURE]
    series = chart.points()
    for name, points in series:
        xs, ys = (
            items(digits([fields[axis] for _, fields in points], chart.printed_in))
            for axis in ("x", "y")
        )
        label = f", label={text(name)}" if name else ""
        lines += [f'ax.plot({xs}, {ys}, "o-"{label})']
    if chart.type == "roc_curve":
        lines += ['ax.plot([0, 1], [0, 1], ":", color="tab:gray")']
    return [*lines, *(["ax.legend()"] if series[0][0] else [])]


def _marimekko(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names), series_line(columns), ""]
    lines += ["widths = np.sum(list(series.values()), axis=0)"]
    lines += ["left = np.cumsum(widths) - widths", "bottom = np.zeros(len(names))", FIGURE]
    lines += ["for name, values in series.items():", "    shares = np.divide(values, widths)"]
    lines += ['    ax.bar(left, shares, widths, bottom, align="edge", label=name, ec="w")']
    lines += ["    bottom += shares"]
    for i, column in enumerate(columns):
        lines += bar_labels(f"ax.containers[{i}]", column, chart, label_type='"center"')
    return [*lines, "ax.set_xticks(left + widths / 2, names, rotation=45)", "ax.legend()"]


def _multiples(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    lines = [names_line(names), series_line(columns), ""]
    lines += ["fig, panels = plt.subplots(1, len(series), sharex=True, sharey=True)"]
    lines += ["for ax, (name, values) in zip(panels, series.items()):"]
    lines += ["    ax.barh(names, values)", "    ax.set_title(name, parse_math=False)"]
    for i, column in enumerate(columns):
        lines += bar_labels(f"panels[{i}].containers[0]", column, chart)
    return [*lines, "ax = panels[0]", "ax.invert_yaxis()"]


def _tiles(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    grid = tile_grid(names)
    if grid is None:
        raise Rejected("no-such-form", "no map of tiles has all of these regions")
    rows, places = (items([str(grid[name][i]) for name in names]) for i in (0, 1))
    lines = [names_line(names), f"rows = {rows}", f"columns = {places}"]
    lines += [f"values = {items(column.numbers)}", f"labels = {texts(column.texts)}", "", FIGURE]
    lines += ['ax.scatter(columns, rows, c=values, s=900, marker="s", cmap="Blues")']
    lines += ["for x, y, name, label in zip(columns, rows, names, labels):"]
    lines += ['    ax.text(x, y, f"{name}\\n{label}", ha="center", va="center", parse_math=False)']
    return [*lines, "ax.invert_yaxis()", "ax.set_axis_off()"]


def _waffle(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    labels = [f"{name}: {value}" for name, value in zip(names, column.texts, strict=True)]
    lines = [f"labels = {texts(labels)}", f"values = {items(column.numbers)}", ""]
    lines += ["squares = np.repeat(np.arange(len(values)), values).reshape(10, 10)", FIGURE]
    lines += ['image = ax.imshow(squares, cmap="tab10", vmin=0, vmax=9, origin="lower")']
    lines += ["for i, label in enumerate(labels):"]
    lines += ['    ax.plot([], [], "s", color=image.cmap(image.norm(i)), label=label)']
    return [*lines, "ax.legend(bbox_to_anchor=(1, 1))", "ax.set_axis_off()"]


def _venn(chart: Chart) -> Lines:
    values = dict(chart.leaves())
    names = [path[-1] for path in values if SET_JOINT not in path[-1]]
    centers = (
        [(-0.6, 0.0), (0.6, 0.0)] if len(names) == 2 else [(-0.6, 0.35), (0.6, 0.35), (0.0, -0.7)]
    )
    lines = [f"sets = {texts(names)}", f"centers = {centers}", "", FIGURE]
    lines += ["for i, (name, center) in enumerate(zip(sets, centers)):"]
    lines += ['    ax.add_patch(plt.Circle(center, 1, alpha=0.4, color=f"C{i}"))']
    lines += ["    x, y = np.multiply(center, 2.2) + [0, 0.5]"]
    lines += ['    ax.text(x, y, name, ha="center", parse_math=False)']
    for path, value in values.items():
        inside = [centers[names.index(name)] for name in path[-1].split(SET_JOINT)]
        outward = 1.7 if len(inside) < len(names) else 1.0
        x, y = (round(sum(axis) / len(inside) * outward, 2) for axis in zip(*inside, strict=True))
        lines += [f'ax.text({x}, {y}, {text(value)}, ha="center", va="center")']
    return [*lines, "ax.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2))", "ax.set_aspect(1)"]


def _timeline(chart: Chart) -> Lines:
    names, (column, *_) = columns_of(chart)
    lines = [names_line(names), f"years = {items(column.numbers)}", "", FIGURE]
    lines += ['ax.axhline(0, color="tab:gray")', 'ax.plot(years, [0] * len(years), "o")']
    lines += ["for i, (year, name) in enumerate(zip(years, names)):"]
    lines += ["    place = (0, (-1) ** i * (20 + i % 3 * 25))"]
    lines += ['    ax.annotate(f"{year}\\n{name}", (year, 0), place, textcoords="offset points",']
    lines += ['                ha="center", arrowprops={"arrowstyle": "-"}, parse_math=False)']
    return [*lines, "ax.set_yticks([])"]


def _table_chart(chart: Chart) -> Lines:
    """Bars above a table of the printed values, a row for each series."""
    names, columns = columns_of(chart)
    width = round(0.8 / len(columns), 3)
    rows = ", ".join(texts(column.texts) for column in columns)
    lines = [names_line(names), series_line(columns), f"cells = [{rows}]", ""]
    lines += ["x = np.arange(len(names))", "fig, ax = plt.subplots()"]
    lines += ["for i, (name, values) in enumerate(series.items()):"]
    lines += [f"    ax.bar(x + (i + 0.5) * {width} - 0.4, values, {width}, label=name)"]
    lines += ["ax.table(cells, rowLabels=list(series), colLabels=names)"]
    return [*lines, "ax.set_xlim(-0.5, len(names) - 0.5)", "ax.set_xticks([])",
            *(["ax.legend()"] if columns[0].name else [])]  # fmt: skip


FURTHER: dict[str, Callable[[Chart], Lines]] = {
    "range_bar": _range,
    "bullet": _bullet,
    "forest": _forest,
    "gantt": _gantt,
    "interval_line": _interval,
    **dict.fromkeys(("roc_curve", "pr_curve"), _curves),
    "marimekko": _marimekko,
    "small_multiples": _multiples,
    "tile_map": _tiles,
    "waffle": _waffle,
    "venn": _venn,
    "timeline": _timeline,
    "table_chart": _table_chart,
}
"""The writers of these types."""
