"""Code of charts of the plane and the triangle: bands of a field, peaks, arrows, three shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.matplotlib_parts import FIGURE, Lines, names_line
from vary_data.targets.charts.source_code import columns_of, digits, items, text, texts


def _contour(chart: Chart) -> Lines:
    """A disc at each place: its core has the color of the lower level, its ring the upper one's."""
    ((_, points),) = chart.points()
    lines = [names_line(tuple(name for name, _ in points))]
    lines += [f"x = {_column(chart, points, 'x')}", f"y = {_column(chart, points, 'y')}"]
    both = digits([fields[end] for end in ("from", "to") for _, fields in points], chart.printed_in)
    lines += [f"low = {items(both[: len(points)])}", f"high = {items(both[len(points) :])}", ""]
    lines += [FIGURE, "limits = dict(vmin=min(low), vmax=max(high))"]
    lines += ["ax.scatter(x, y, 300, c=high, **limits)"]
    lines += ["core = ax.scatter(x, y, 90, c=low, **limits)", "ax2 = fig.colorbar(core).ax"]
    lines += ["for name, *place in zip(names, x, y):"]
    return [*lines, '    ax.annotate(name, place, (10, 6), textcoords="offset points")']


def _density(chart: Chart) -> Lines:
    """A stem at each peak: the curves between them are not known."""
    lines = [FIGURE]
    series = chart.points()
    every = [fields for _, points in series for _, fields in points]
    xs, ys = (digits([fields[axis] for fields in every], chart.printed_in) for axis in ("x", "y"))
    start = 0
    for i, (name, points) in enumerate(series):
        here = slice(start, start + len(points))
        start += len(points)
        label = f", label={text(name)}" if name else ""
        x, y = items(xs[here]), items(ys[here])
        lines += [f'ax.vlines({x}, 0, {y}, "C{i}")', f'ax.plot({x}, {y}, "oC{i}"{label})']
    return [*lines, "ax.set_ylim(0)", *(["ax.legend()"] if series[0][0] else [])]


def _ridgeline(chart: Chart) -> Lines:
    names, (peak, *_) = columns_of(chart)
    lines = [names_line(names), f"peaks = {items(peak.numbers)}", "", FIGURE]
    return [*lines, 'ax.plot(peaks, names, "^")', 'ax.grid(axis="y")', "ax.invert_yaxis()"]


def _quiver(chart: Chart) -> Lines:
    ((_, points),) = chart.points()
    lines = [f"x = {_column(chart, points, 'x')}", f"y = {_column(chart, points, 'y')}"]
    parts = digits([fields[part] for part in "uv" for _, fields in points], chart.printed_in)
    lines += [f"u = {items(parts[: len(points)])}", f"v = {items(parts[len(points) :])}"]
    return [*lines, "", FIGURE, "ax.quiver(x, y, u, v)", "ax.margins(0.2)"]


def _ternary(chart: Chart) -> Lines:
    names, columns = columns_of(chart)
    if len(columns) != 3:
        raise Rejected("no-such-form", "a triangle needs three shares")
    lines = [names_line(names), f"parts = {texts(column.name for column in columns)}"]
    lines += [f"{letter} = {items(column.numbers)}" for letter, column in
              zip("abc", columns, strict=True)]  # fmt: skip
    lines += ["", "corners = np.array([[0.5, 3**0.5 / 2], [0, 0], [1, 0]])"]
    lines += ["shares = np.array([a, b, c]).T / np.sum([a, b, c], axis=0)[:, None]"]
    lines += ["x, y = (shares @ corners).T", FIGURE, 'ax.plot(*corners[[0, 1, 2, 0]].T, "k")']
    lines += ["ax.scatter(x, y)", "for name, *place in zip([*parts, *names], "
              "[*corners[:, 0], *x], [*corners[:, 1], *y]):"]  # fmt: skip
    lines += ["    ax.annotate(name, place, parse_math=False)", "ax.set_aspect(1)"]
    return [*lines, "ax.set_axis_off()"]


def _column(chart: Chart, points: tuple[tuple[str, Mapping[str, str]], ...], name: str) -> str:
    return items(digits([fields[name] for _, fields in points], chart.printed_in))


PLANE: dict[str, Callable[[Chart], Lines]] = {
    "contour": _contour,
    "density": _density,
    "ridgeline": _ridgeline,
    "quiver": _quiver,
    "ternary": _ternary,
}
"""The writers of these types."""
