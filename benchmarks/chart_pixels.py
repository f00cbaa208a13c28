"""Reads values back from the pixels of charts and compares them with the ground truth.

    python -m benchmarks.chart_pixels [--charts 10] [--backends matplotlib] [--types bar …]

Independent of the drawing code and of its audit: only the PNG, the boxes of tick labels (which
give the axes) and the regions of marks (which say where to look and what it shows) are used. In
the region of a mark the color of the mark is found, and from the pixels of that color the end of
a bar, the middle of a point, the angle of a slice, the color of a cell. Colors are compared with
the swatch next to the legend entry of the same name. Prints for each type how many marks agree
with the truth within 3 pixels.

Not read: `rose`, `polar_bar`, `gauge`, `sunburst`, whose center is nowhere on the picture and
would have to be taken from the drawing code; `sankey`, whose bands lie over each other, and
`graph`, whose links are one to five pixels thick, so that three pixels say nothing; `parallel`,
whose corners lie under the lines of their axes.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import chart_shapes
from benchmarks.chart_colors import NEAR, common_color, leaf, number, swatch, where_color
from benchmarks.chart_slices import slices
from renderers.charts.catalog import CATALOG
from renderers.charts.spec import ChartSpec
from renderers.picture import Picture, Region
from renderers.rejected import Rejected
from vary_data.generators.chart_drawing import backend_types, open_backends
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

TOLERANCE = 3.0
MAX_LINE = 5
"""Pixels of the widest line between two segments of a stack."""
NUMBER = re.compile(r"-?\D{0,3}?\d[\d,]*(?:\.\d+)?")


class Axis:
    """A line through the middles of tick labels: value = a + b · place, or the logarithm of the
    value on a logarithmic axis. A broken axis has a line from tick to tick."""

    def __init__(self, ticks: Sequence[Region], side: int, kind: str = "linear") -> None:
        places = [(t.bbox[side] + t.bbox[side + 2]) / 2 for t in ticks]
        values = [number(t.text) for t in ticks]
        self.kind, self.side = kind, side
        self.knots = sorted(zip(values, places, strict=True))
        if kind == "log":
            values = [math.log10(value) for value in values]
        self.b, self.a = np.polyfit(places, values, 1)

    def place(self, value: float) -> float:
        """The column or row of a value."""
        if self.kind == "broken":
            pairs = list(pairwise(self.knots))
            (v0, p0), (v1, p1) = next((p for p in pairs if value <= p[1][0]), pairs[-1])
            return float(p0 + (value - v0) / (v1 - v0) * (p1 - p0))
        if self.kind == "log":
            value = math.log10(value)
        return float((value - self.a) / self.b)

    def pixels(self, place: float, value: float) -> float:
        """How far a place is from that of a value."""
        return abs(place - self.place(value))

    def slack(self, value: float, half: float) -> float:
        """Pixels by which a value may be off that was rounded by so much."""
        if self.kind == "linear":
            return abs(half / self.b)
        ends = (value + half, max(value - half, value / 10))
        return max(abs(self.place(end) - self.place(value)) for end in ends)


def ends(
    pixels: npt.NDArray[np.uint8], box: Sequence[float], side: int
) -> tuple[float, float] | None:
    """First and last pixel of the mark's color along a side, looking 12 pixels beyond the box."""
    color = common_color(pixels, box)
    mask, x0, y0 = where_color(pixels, box, color, 12)
    # Across the bar only its middle counts: neighbors may have the same color.
    low, high = box[1 - side], box[3 - side]
    first = (low + high) / 2 - (high - low) * 0.15 - (x0 if side else y0)
    lane = slice(max(0, int(first)), max(0, int(first)) + max(1, round((high - low) * 0.3)))
    line = mask[:, lane].any(axis=1) if side else mask[lane].any(axis=0)
    return chart_shapes.whole(line, y0 if side else x0, box[side], box[side + 2])


def line_between(
    pixels: npt.NDArray[np.uint8], box: Sequence[float], side: int, span: tuple[float, float]
) -> int:
    """The width of the line between a segment and the next one: the pixels at its end that do not
    have the color of what follows; the larger one of both ends. Where all of them differ, what
    follows is no segment but, for example, a frame."""
    across = round(box[1 - side] + 0.1 * (box[3 - side] - box[1 - side]))  # labels are further in
    line = (pixels[:, across] if side else pixels[across]).astype(np.int64)
    widths = [0]
    for first, step in ((round(span[0]) - 1, -1), (round(span[1]), 1)):
        places = first + step * np.arange(MAX_LINE + 1)
        if places.min() >= 0 and places.max() < len(line):
            other = np.abs(line[places] - line[places[-1]]).sum(axis=1) >= NEAR
            if not other[:-1].all():
                widths.append(int(other.sum()))
    return max(widths)


def middle(pixels: npt.NDArray[np.uint8], box: Sequence[float], side: int) -> float | None:
    """The middle of a point: that of its first and last pixel. A line that shines through a part of
    the point would move the center of its pixels."""
    color = swatch(pixels, box)
    mask, x0, y0 = where_color(pixels, box, color, 0)
    found = np.flatnonzero(mask.any(axis=side))
    if not len(found):
        return None
    return float((y0 if side else x0) + (found[0] + found[-1] + 1) / 2)


def read_chart(
    spec: ChartSpec, picture: Picture, truth: Mapping[str, Any], links: Sequence[Mapping[str, Any]]
) -> Iterator[float | None]:
    """For each mark that this script can read, by how many pixels it is wrong; None: not found."""
    pixels, regions = picture.pixels, picture.regions
    ticks = {key: [r for r in regions if r.role == f"{key}_tick"] for key in ("x", "y", "y2")}
    marks = [(link, regions[link["mark"]]) for link in links if "mark" in link]
    values = truth["values"]
    last = list(values)[-1]
    round_ = {
        "line", "multi_line", "step", "area", "scatter", "bubble", "effect_scatter", "dumbbell",
    }  # fmt: skip
    bars = {
        "bar", "horizontal_bar", "grouped_bar", "diverging_bar", "histogram", "pictorial_bar",
        "stacked_bar", "percent_bar", "waterfall", "theme_river", "horizontal_grouped_bar",
        "horizontal_stacked_bar", "horizontal_percent_bar",
    }  # fmt: skip
    stacks = {"stacked_bar", "percent_bar", "horizontal_stacked_bar", "horizontal_percent_bar"}
    plane = {"scatter", "bubble", "effect_scatter", "roc_curve", "pr_curve"}
    names = {part for link in links for part in link["path"]}
    horizontal = CATALOG[spec.type].horizontal
    kinds = {"x": spec.axis.kind if horizontal else spec.x_axis.kind, "y": spec.axis.kind}
    numeric = {
        key: Axis(found, 0 if key == "x" else 1, kinds.get(key, "linear"))
        for key, found in ticks.items()
        if len(found) > 1
        and all(re.search(r"\d", t.text) for t in found)
        and (not names & {t.text for t in found} or spec.type in plane)
        and not (spec.type == "histogram" and key == "x")
        # The linear part of such an axis would have to be taken from the drawing code.
        and kinds.get(key) != "symlog"
    }
    if spec.type in ("pie", "donut"):
        yield from slices(pixels, marks, values)
        return
    if spec.type in ("heatmap", "calendar", "confusion_matrix", "tile_map"):
        yield from _cells(pixels, marks, values)
        return
    shown = [
        chart_shapes.Value(
            link["path"],
            number(leaf(values, link["path"])),
            number(link["step"]) / 2 if "step" in link else 0.0,
            region.bbox,
        )
        for link, region in marks
    ]
    if spec.type in chart_shapes.PROPORTIONS:
        yield from chart_shapes.PROPORTIONS[spec.type](pixels, shown)
        return
    if spec.type in chart_shapes.READERS:
        if "y" in numeric:
            yield from chart_shapes.READERS[spec.type](pixels, shown, numeric["y"])
        return
    if spec.type == "radar":
        if "y" in numeric:
            spots = [_spot(pixels, value.box) for value in shown]
            yield from chart_shapes.radar(pixels, shown, numeric["y"], spots)
        return
    if spec.type == "pyramid":
        yield from _pyramid(pixels, marks, ticks["x"], values)
        return
    if spec.type == "stacked_area":
        if "y" in numeric:
            yield from _stack(pixels, shown, numeric["y"])
        return
    for link, region in marks:
        path, box = link["path"], region.bbox
        value = number(leaf(values, path))
        half = number(link["step"]) / 2 if "step" in link else 0.0
        if spec.type in plane:
            if path[-1] not in ("x", "y") or path[-1] not in numeric:
                continue
            axis, how = numeric[path[-1]], "middle"
        elif spec.type == "bar_line":
            key = "y2" if path[0] == last else "y"
            if key not in numeric:
                continue
            axis, how = numeric[key], "middle" if key == "y2" else "end"
        else:
            usable = [numeric[k] for k in ("y", "x") if k in numeric]
            if len(usable) != 1 or spec.type not in round_ | bars:
                continue
            axis, how = usable[0], "middle" if spec.type in round_ else "end"
        slack = axis.slack(value, half)
        if how == "middle":
            found = middle(pixels, box, axis.side)
            yield None if found is None else max(0.0, axis.pixels(found, value) - slack)
            continue
        if spec.type == "theme_river":
            box = inward(box, [other.bbox for _, other in marks])
        if spec.type == "pictorial_bar":
            # The tip of a symbol is too thin to have its color.
            span = chart_shapes.ink(pixels, box, chart_shapes.MIDDLE)
        else:
            span = ends(pixels, box, axis.side)
        if span is None:
            yield None
        elif spec.type == "waterfall" and path[0] in (next(iter(values)), last):
            yield max(0.0, min(axis.pixels(end, value) for end in span) - slack)
        elif spec.type in stacks | {"waterfall", "theme_river"}:
            length = span[1] - span[0]
            if spec.type in stacks:
                # The line between two segments covers each by half, and a segment has two ends.
                length += line_between(pixels, box, axis.side, span)
            yield max(0.0, abs(length - abs(value / axis.b)) - slack)
        else:
            yield max(0.0, min(axis.pixels(end, value) for end in span) - slack)


def _spot(pixels: npt.NDArray[np.uint8], box: Sequence[float]) -> tuple[float, float] | None:
    """The middle of a point, both ways."""
    x, y = middle(pixels, box, 0), middle(pixels, box, 1)
    return None if x is None or y is None else (x, y)


def inward(box: Sequence[float], others: Sequence[Sequence[float]]) -> Sequence[float]:
    """The box of a slice of a band; those at both ends are half outside of it."""
    x0, y0, x1, y1 = box
    if x0 <= min(other[0] for other in others):
        return (x0 + 2, y0, x1 + 2, y1)
    return (x0 - 2, y0, x1 - 2, y1) if x0 >= max(other[0] for other in others) else box


def _pyramid(
    pixels: npt.NDArray[np.uint8],
    marks: Sequence[Any],
    ticks: Sequence[Region],
    values: Mapping[str, Any],
) -> Iterator[float | None]:
    """Lengths of bars; ticks on the left of zero have no signs."""
    ordered = sorted(ticks, key=lambda tick: tick.bbox[0])
    zero = next((i for i, tick in enumerate(ordered) if number(tick.text) == 0), None)
    if zero is None or len(ordered) - zero < 2:
        return
    axis = Axis(ordered[zero:], 0)
    for link, region in marks:
        span = ends(pixels, region.bbox, 0)
        wanted = number(leaf(values, link["path"])) / axis.b
        yield None if span is None else abs(span[1] - span[0] - wanted)


def _stack(
    pixels: npt.NDArray[np.uint8], shown: Sequence[chart_shapes.Value], axis: Axis
) -> Iterator[float | None]:
    """Points, or upper ends of bands, at the sum of their category so far."""
    sums: Counter[str] = Counter()
    halves: Counter[str] = Counter()
    for value in shown:
        sums[value.path[-1]] += value.number  # type: ignore[assignment]
        halves[value.path[-1]] += value.half  # type: ignore[assignment]
        wanted, slack = sums[value.path[-1]], halves[value.path[-1]] / abs(axis.b)
        x0, y0, x1, y1 = value.box
        if abs((x1 - x0) - (y1 - y0)) < 3:
            place = middle(pixels, value.box, 1)
        else:
            span = ends(pixels, inward(value.box, [v.box for v in shown]), 1)
            place = span[0] if span else None
        yield None if place is None else max(0.0, axis.pixels(place, wanted) - slack)


def _cells(
    pixels: npt.NDArray[np.uint8], marks: Sequence[Any], values: Mapping[str, Any]
) -> Iterator[float | None]:
    """Colors of cells: in the order of the values, every channel moves one way or turns once."""
    pairs = sorted(
        (number(leaf(values, link["path"])), tuple(common_color(pixels, region.bbox)))
        for link, region in marks
    )
    light = [float(np.dot(color, (0.21, 0.72, 0.07))) for _, color in pairs]
    direction = 1 if light[-1] > light[0] else -1
    for before, after in pairwise(light):
        yield max(0.0, (before - after) * direction)


def legend_colors(picture: Picture, links: Sequence[Mapping[str, Any]]) -> Iterator[bool]:
    """Whether marks have the color of the swatch left of the legend entry of their series: at least
    three of their pixels, since lines and labels may lie over a mark."""
    entries = {r.text: r for r in picture.regions if r.role == "legend"}
    for link in links:
        entry = entries.get(link["path"][0])
        if entry is None or "mark" not in link or len(link["path"]) < 2:
            continue
        box = picture.regions[link["mark"]].bbox
        height = entry.bbox[3] - entry.bbox[1]
        x0, y0, x1, y1 = map(
            round, (entry.bbox[0] - 3.2 * height, entry.bbox[1], entry.bbox[0] - 2, entry.bbox[3])
        )
        left = picture.pixels[max(0, y0) : y1, max(0, x0) : x1].astype(np.int64)
        gap = left[len(left) // 2, -1]  # between swatch and entry
        drawn = left[np.abs(left - gap).sum(axis=2) >= NEAR]
        colors, counts = np.unique(drawn, axis=0, return_counts=True)
        if not len(counts):
            # A swatch as light as what is behind it.
            yield False
            continue
        mask, _, _ = where_color(picture.pixels, box, colors[counts.argmax()], 1)
        yield bool(mask.sum() >= 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--charts", type=int, default=10, help="per type, language and backend")
    parser.add_argument("--backends", nargs="+", default=["matplotlib", "pyecharts"])
    parser.add_argument("--types", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    right: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    worst: dict[tuple[str, str], list[float]] = defaultdict(list)
    legends: Counter[bool] = Counter()
    for name in options.backends:
        for lang in ("en", "zh"):
            backend = open_backends([name], lang)[name]
            corpus = load_corpus(lang)
            for kind in [t for t in backend_types(name) if not options.types or t in options.types]:
                for index in range(options.charts):
                    seed = [options.seed, index, sum(map(ord, kind + lang))]
                    rng = np.random.default_rng(seed)
                    spec = random_spec(kind, lang, corpus, rng, backend.forms)
                    try:
                        chart = backend.render(spec, rng)
                    except Rejected:
                        continue
                    picture = chart.drawing.picture()
                    for error in read_chart(spec, picture, chart.truth, chart.links):
                        seen[name, kind] += 1
                        right[name, kind] += error is not None and error <= TOLERANCE
                        worst[name, kind].append(99.0 if error is None else error)
                    legends.update(legend_colors(picture, chart.links))
            backend.close()
    for key, count in seen.items():
        high = sorted(worst[key])[-max(1, count // 50)]
        percent = 100 * right[key] / count
        found = f"{right[key]:5} of {count:5} {percent:5.1f} %"
        print(f"{key[0]:11} {key[1]:15} {found}  98th {high:.1f} px")
    print(
        f"legend colors: {legends[True]} of {legends.total()} marks have the color of their entry"
    )


if __name__ == "__main__":
    main()
