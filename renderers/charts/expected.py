"""The strings that must be drawn on the picture of a chart, and their possible roles."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.charts.catalog import CATALOG, SET_JOINT
from renderers.charts.drawing import DrawnText
from renderers.charts.spec import ChartSpec, Flow, Node, Points, Summary, Table, Tree

NAME_ROLES = frozenset({"x_tick", "y_tick", "category", "legend"})
MONTH_ROLES = frozenset({"note", "subtitle", "category", "x_tick"})


@dataclass(frozen=True, slots=True)
class Expected:
    """`groups` are names that belong together (all categories, all series): each must be drawn
    once. `values` must be drawn as often as they are listed here. `pairs` are the names and
    values that may share one label, such as `Beijing: 12%`."""

    groups: tuple[tuple[str, ...], ...]
    values: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    roles: frozenset[str] = NAME_ROLES
    group_roles: tuple[str, ...] = ()
    """The only role of the names of each group, where names occur in more than one group."""

    @property
    def names(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each name of a group with the roles that its text may have."""
        return tuple((name, self.roles) for group in self.groups for name in group)


def plain(text: str) -> str:
    """Without white space: a label may be wrapped at it, or within a Chinese word."""
    return "".join(text.split())


def unwrapped(spec: ChartSpec, texts: Sequence[DrawnText]) -> tuple[DrawnText, ...]:
    """The texts on one line each, spelled as in the specification.

    Lines of one string are joined as they were before wrapping: without a space within Chinese.
    """
    wanted = expected(spec, texts)
    titles = (spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title)
    notes = (note.text for annotation in spec.annotations for note in annotation.notes(spec))
    names = (name for name, _ in wanted.names)
    whole = (*(t for t in titles if t), *names, *wanted.values, *notes)
    spelling = {plain(text): text for text in whole}
    return tuple(
        dataclasses.replace(
            text, text=_one_line(text.text, spelling), lines=text.text.count("\n") + 1
        )
        if "\n" in text.text
        else text
        for text in texts
    )


def _one_line(text: str, spelling: Mapping[str, str]) -> str:
    """A wrapped text whose longest runs of lines that make up a known string are that string."""
    lines, parts = text.split("\n"), list[str]()
    while lines:
        for count in range(len(lines), 0, -1):
            known = spelling.get(plain("".join(lines[:count])))
            if known is not None or count == 1:
                parts.append(known if known is not None else lines[0])
                lines = lines[count:]
                break
    return " ".join(parts)


def expected(spec: ChartSpec, texts: Sequence[DrawnText] = ()) -> Expected:
    """What must be drawn, titles apart. A histogram names its bins by range, or by the
    edges between the bars; `texts` show which."""
    match spec.data:
        case Table():
            return _table(spec, spec.data, texts)
        case Summary():
            return _summary(spec, spec.data)
        case Points():
            return _points(spec, spec.data)
        case Tree():
            return _tree(spec.data)
        case Flow():
            return _flow(spec.data)


def error_label(mean: str, error: str) -> str:
    """How a mean and its error are printed."""
    return f"{mean} ± {error}"


def interval_label(estimate: str, lower: str, upper: str) -> str:
    """How an estimate and its interval are printed."""
    return f"{estimate} ({lower}–{upper})"


def bin_edges(categories: Sequence[str]) -> tuple[str, ...]:
    """The edges of a histogram's bins: `0-10`, `10-20` gives `0`, `10`, `20`."""
    pairs = [category.rsplit("-", 1) for category in categories]
    return (*(low for low, _ in pairs), pairs[-1][1])


def _table(spec: ChartSpec, data: Table, texts: Sequence[DrawnText]) -> Expected:
    series = tuple(s.name for s in data.series if s.name)
    columns = [[s.number.print(v) for v in s.values if not math.isnan(v)] for s in data.series]
    values = tuple(v for column in columns for v in column) if spec.labels else ()
    categories = data.categories
    if spec.type == "histogram":
        drawn = {plain(t.text) for t in texts if t.role in ("x_tick", "category")}
        if not drawn & {plain(c) for c in categories}:
            categories = bin_edges(categories)
    if spec.type == "calendar":
        return _calendar(data, values)
    if spec.type == "venn":
        sets = tuple(name for name in categories if SET_JOINT not in name)
        return Expected((sets,), values)
    if spec.type == "confusion_matrix":
        return Expected((categories, series), values, group_roles=("x_tick", "y_tick"))
    if data.listed == "below":
        return Expected((categories, series), values, group_roles=("x_tick", "legend"))
    if data.listed == "beside":
        # Names are at the plot and in the table.
        roles = ("x_tick", "legend", "category", "category")
        return Expected((categories, series) * 2, values, group_roles=roles)
    if spec.type == "histogram_2d":
        edges = bin_edges(categories), bin_edges(series)
        return Expected(edges, values, group_roles=("x_tick", "y_tick"))
    pairs = (
        tuple(zip(data.categories, columns[0], strict=True))
        if len(columns) == 1 and len(values) == len(data.categories)
        else ()
    )
    return Expected((categories, series), values, pairs)


def _calendar(data: Table, values: tuple[str, ...]) -> Expected:
    """Cells say the day, and the month is written once: `2024-03`."""
    days = tuple(str(int(day[8:])) for day in data.categories)
    pairs = tuple(zip(days, values, strict=True)) if values else ()
    return Expected((days, (data.categories[0][:7],)), values, pairs, NAME_ROLES | MONTH_ROLES)


def _summary(spec: ChartSpec, data: Summary) -> Expected:
    named = () if CATALOG[spec.type].fields else data.fields
    if not spec.labels:
        return Expected((data.categories, named))
    printed = [[data.number.print(value) for value in row] for row in data.rows]
    if spec.type in ("error_bar", "forest"):
        write = error_label if spec.type == "error_bar" else interval_label
        labels = tuple(write(*row) for row in printed)
        return Expected(
            (data.categories,), labels, tuple(zip(data.categories, labels, strict=True))
        )
    return Expected((data.categories, named), tuple(v for row in printed for v in row))


def _points(spec: ChartSpec, data: Points) -> Expected:
    points = [p for series in data.series for p in series.points]
    sized = [p for p in points if p.size is not None] if spec.labels else []
    values = tuple(data.size_number.print(p.size) for p in sized if p.size is not None)
    pairs = tuple((p.label, v) for p, v in zip(sized, values, strict=True) if p.label)
    labels = tuple(p.label for p in points if p.label)
    if data.field is not None:
        levels = tuple(data.size_number.print(level) for level in data.field.levels)
        roles = NAME_ROLES | {"y2_tick"}
        return Expected((labels, levels), roles=roles, group_roles=("category", "y2_tick"))
    if data.key is not None:
        return Expected((labels, (data.size_number.print(data.key),)))
    return Expected((labels, tuple(s.name for s in data.series if s.name)), values, pairs)


def _tree(data: Tree) -> Expected:
    names: list[str] = []
    pairs: list[tuple[str, str]] = []

    def visit(nodes: Sequence[Node]) -> None:
        for node in nodes:
            names.append(node.name)
            if node.children:
                visit(node.children)
            else:
                pairs.append((node.name, data.number.print(node.value)))

    visit(data.roots)
    return Expected((tuple(names),), tuple(value for _, value in pairs), tuple(pairs))


def _flow(data: Flow) -> Expected:
    nodes = dict.fromkeys(name for link in data.links for name in (link.source, link.target))
    return Expected((tuple(nodes),), tuple(data.number.print(link.value) for link in data.links))
