"""Charts as Mermaid source, for the types that Mermaid has (its syntax reference, version 11).

Pie charts are `pie`, Sankey diagrams `sankey-beta`, graphs `flowchart`, tree maps `treemap-beta`,
sunbursts and
organizations `mindmap`. Names of `sankey-beta` must be ASCII; a diagram with others is a flowchart.
Mermaid's pies, Sankey diagrams and tree maps take plain numbers: the values lose their units there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart
from vary_data.targets.printed import number


def mermaid(chart: Chart) -> str:
    """The Mermaid source of a chart.

    Raises:
        Rejected: `no-such-form` if Mermaid has no such chart.
    """
    match chart.type:
        case "pie" | "donut":
            return _pie(chart)
        case "sankey" if all(name.isascii() for path, _ in chart.leaves() for name in path):
            return "\n".join(["sankey-beta", "", *_flows(chart)])
        case "sankey" | "graph" | "flowchart":
            return "\n".join(["flowchart LR", *_links(chart)])
        case "treemap" | "icicle":
            return "\n".join(["treemap-beta", *_treemap(chart.values, 0, chart.printed_in)])
        case "sunburst" | "org_chart" | "mind_map":
            return "\n".join(["mindmap", *_mindmap(chart)])
    raise Rejected("no-such-form", f"Mermaid has no {chart.type or 'such chart'}")


def _pie(chart: Chart) -> str:
    head = "pie showData" + (f" title {chart.title}" if chart.title else "")
    rows = (
        f"    {_quoted(path[-1])} : {_digits(value, chart.printed_in)}"
        for path, value in chart.leaves()
    )
    return "\n".join([head, *rows])


def _flows(chart: Chart) -> Iterator[str]:
    """Lines of CSV, names in quotes."""
    for (source, target), value in chart.leaves():
        names = ('"' + name.replace('"', '""') + '"' for name in (source, target))
        yield ",".join([*names, _digits(value, chart.printed_in)])


def _links(chart: Chart) -> Iterator[str]:
    """A node has its name where it is first used, and its number after that."""
    nodes: dict[str, str] = {}

    def node(name: str) -> str:
        if name in nodes:
            return nodes[name]
        nodes[name] = f"n{len(nodes) + 1}"
        return f"{nodes[name]}[{_quoted(name)}]"

    for (source, target), value in chart.leaves():
        start = node(source)
        yield f"    {start} -->|{_quoted(value)}| {node(target)}"


def _treemap(values: Mapping[str, Any], depth: int, lang: str) -> Iterator[str]:
    indent = "    " * depth
    for name, value in values.items():
        if isinstance(value, str):
            yield f"{indent}{_quoted(name)}: {_digits(value, lang)}"
        else:
            yield f"{indent}{_quoted(name)}"
            yield from _treemap(value, depth + 1, lang)


def _mindmap(chart: Chart) -> Iterator[str]:
    yield f"  root[{_quoted(chart.title or 'root')}]"
    number_of_node = 0

    def nodes(values: Mapping[str, Any], depth: int) -> Iterator[str]:
        nonlocal number_of_node
        for name, value in values.items():
            number_of_node += 1
            text = f"{name}: {value}" if isinstance(value, str) else name
            yield f"{'  ' * depth}n{number_of_node}[{_quoted(text)}]"
            if not isinstance(value, str):
                yield from nodes(value, depth + 1)

    yield from nodes(chart.values, 2)


def _digits(value: str, lang: str) -> str:
    found = number(value, lang)
    if found is None:
        raise Rejected("no-such-form", f"the value {value!r} is no number")
    if found.value < 0:
        raise Rejected("no-such-form", f"the value {value!r} is negative")
    return f"{found.value:f}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
