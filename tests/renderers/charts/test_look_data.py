"""Looks as data: what a file may hold, and what its trim draws."""

from __future__ import annotations

import copy
import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from renderers.charts.look_data import look_of, read_look
from renderers.charts.look_names import FOLDER, LOOKS
from renderers.charts.matplotlib.backend import draw
from renderers.charts.matplotlib.look import with_look
from renderers.charts.matplotlib.style import ChartStyle, sample_style
from renderers.charts.palette import rgb_bytes
from renderers.charts.spec import ChartSpec, Point, Points, PointSeries, Series, Table
from renderers.charts.trim import PLAIN, Trim
from renderers.fonts import families
from renderers.picture import Pixels

DATA = json.loads((FOLDER / "origin.json").read_text("utf-8"))
PLUM = "#7a1220"


def changed(*path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    place = data
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("trim", "rulers"), "#000000", "there is no rulers"),
        (("style", "bar_with"), 0.5, "there is no bar_with"),
        (("style", "bar_width"), "wide", "bar_width is 'wide'"),
        (("style", "bold_title"), 1, "bold_title is 1"),
        (("style", "legend"), "left", "legend is 'left'"),
        (("trim", "border"), "black", "black is no color"),
        (("trim", "markers"), ["o", "+"], r"no such markers: o \+"),
        (("trim", "axis_titles"), "italic", "axis_titles is 'italic'"),
        (("palette", "colors"), "#000000", "colors is '#000000'"),
        (("font",), "script", "font is 'script'"),
    ],
)
def test_a_file_with_a_wrong_key_or_value_is_named(
    path: tuple[str, ...], value: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=f"look test.*{message}"):
        look_of("test", changed(*path, value=value))


def test_a_file_needs_colors_a_font_and_a_style() -> None:
    with pytest.raises(ValueError, match="font, palette is missing"):
        look_of("test", {"style": {}})


def test_a_trim_describes_what_it_changes() -> None:
    assert PLAIN.describe() == {}
    assert Trim(border="#000000", markers=("s",)).describe() == {
        "border": "#000000",
        "markers": ["s"],
    }


def test_there_are_looks_with_every_kind_of_trim() -> None:
    used = {key for name in LOOKS for key in read_look(name).trim.describe()}
    assert used == {field.name for field in dataclasses.fields(Trim)}


def styled(**trim: Any) -> ChartStyle:
    rng = np.random.default_rng(3)
    style = sample_style(families("en"), "en", 10, (600, 400), rng)
    plain = read_look("sheets")
    look = dataclasses.replace(plain, trim=Trim(**trim), style={**plain.style, "ticks": "in"})
    return with_look(style, look, families("en"), [], rng)


BARS = ChartSpec(
    "grouped_bar",
    "en",
    Table(
        ("Tea", "Rice"),
        tuple(Series(f"Year {year}", (8.0, 4.0)) for year in (2001, 2002)),
    ),
    title="Harvest",
)
CLOUD = ChartSpec("scatter", "en", Points((PointSeries("", (Point(1.0, 1.0), Point(3.0, 2.0))),)))


def count(pixels: Pixels, color: str) -> int:
    return int((pixels == rgb_bytes(color)).all(axis=2).sum())


def inked(line: Pixels) -> int:
    """How many pixels `[n, 3]` are not white."""
    return int((line < 200).any(axis=1).sum())


def test_a_border_runs_around_the_picture() -> None:
    pixels = draw(BARS, dataclasses.replace(styled(border=PLUM), base=14.0)).pixels
    edges = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    assert (edges == rgb_bytes(PLUM)).all(axis=1).mean() > 0.98


def test_a_title_bar_is_behind_the_whole_title() -> None:
    drawing = draw(BARS, styled(title_bar=PLUM, title_ink="#ffffff"))
    (title,) = [text for text in drawing.texts if text.role == "title"]
    low = int(title.bbox[3])
    assert tuple(drawing.pixels[2, 300]) == rgb_bytes(PLUM)
    assert tuple(drawing.pixels[low + 2, 2]) == rgb_bytes(PLUM)
    assert drawing.plots[0][1] > low + 8
    assert title.contrast > 7


def test_a_rule_runs_above_the_title() -> None:
    drawing = draw(BARS, styled(rule=PLUM))
    assert (drawing.pixels[1] == rgb_bytes(PLUM)).all()
    (title,) = [text for text in drawing.texts if text.role == "title"]
    assert not (drawing.pixels[int(title.bbox[1]) - 1] == rgb_bytes(PLUM)).all(axis=1).any()


def test_ticks_at_four_sides_are_drawn_at_the_right_and_above() -> None:
    def strokes(**trim: Any) -> tuple[int, int]:
        style = dataclasses.replace(styled(spine_color=PLUM, **trim), spines="box", grid="none")
        drawing = draw(CLOUD, style)
        x0, y0, x1, y1 = (round(v) for v in drawing.plots[0])
        right = drawing.pixels[y0 + 4 : y1 - 4, x1 - 3]
        above = drawing.pixels[y0 + 3, x0 + 4 : x1 - 4]
        return inked(right), inked(above)

    assert strokes() == (0, 0)
    right, above = strokes(four_sides=True)
    assert right >= 2
    assert above >= 2


def test_a_grid_over_bars_is_not_beside_them() -> None:
    style = dataclasses.replace(styled(grid_over=True), radius=0.0, bands=False)
    drawing = draw(BARS, style)
    bar = max(drawing.marks, key=lambda mark: mark.bbox[3] - mark.bbox[1])
    x0, y0, x1, y1 = (round(v) for v in bar.bbox)
    column = drawing.pixels[y0 + 3 : y1 - 3, (x0 + x1) // 2]
    assert (column != rgb_bytes(style.color(0))).any(axis=1).any()
    background = rgb_bytes(style.palette.background)
    assert (drawing.pixels[y0 : y1 - 3, round(drawing.plots[0][2]) - 3] == background).all()


def test_a_boxed_legend_frames_all_of_its_rows() -> None:
    names = [f"Reading number {i} of the year" for i in range(5)]
    data = Table(("Tea", "Rice"), tuple(Series(name, (3.0, 4.0)) for name in names))
    spec = ChartSpec("grouped_bar", "en", data)
    style = dataclasses.replace(
        styled(legend_edge=PLUM), legend="top", legend_frame=True, base=14.0
    )
    drawing = draw(spec, style)
    entries = [text.bbox for text in drawing.texts if text.role == "legend"]
    rows = {round(box[1] / 4) for box in entries}
    assert len(rows) > 1
    framed = np.argwhere((drawing.pixels == rgb_bytes(PLUM)).all(axis=2))
    (top, left), (bottom, right) = framed.min(0), framed.max(0)
    assert left < min(b[0] for b in entries)
    assert right > max(b[2] for b in entries)
    assert top < min(b[1] for b in entries)
    assert bottom > max(b[3] for b in entries) - 2


def test_hollow_markers_have_the_color_of_the_plot_inside() -> None:
    drawing = draw(CLOUD, dataclasses.replace(styled(hollow=True), marker_size=9.0, grid="none"))
    for mark in drawing.marks:
        x, y = (round(v) for v in mark.points[0])
        assert tuple(drawing.pixels[y, x]) == (255, 255, 255)


def test_lines_have_colors_and_markers_of_their_own() -> None:
    data = Table(("A", "B", "C"), (Series("x", (1.0, 2.0, 3.0)), Series("y", (3.0, 2.0, 1.0))))
    spec = ChartSpec("multi_line", "en", data)
    style = dataclasses.replace(
        styled(line_colors=(PLUM, "#0000ff"), markers=("s", "^")), legend="top"
    )
    pixels = draw(spec, style).pixels
    assert count(pixels, PLUM) > 100
    assert count(pixels, "#0000ff") > 100
    assert count(pixels, style.palette.colors[0]) == 0
