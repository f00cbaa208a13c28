"""The test set of charts that plotting libraries draw with their defaults."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from benchmarks.foreign_charts.generator import TYPES, ForeignCharts, plain
from benchmarks.foreign_charts.matplotlib_ import open_library
from renderers.charts.precision import readable_step
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from renderers.charts.truth import truth
from renderers.rejected import Rejected
from tests.tools.in_process import tasks_in_this_process, worker_processes  # noqa: F401
from vary_data import generate, open_dataset

NAMES = ("North", "South", "East")
VALUES = (12.0, 31.0, 24.0)


def a_spec(type_: str, names: tuple[str, ...] = NAMES, labels: bool = False) -> ChartSpec:
    number = NumberFormat(suffix=" km")
    series = (Series("", tuple(VALUES[i % 3] for i in range(len(names))), number),)
    return ChartSpec(type_, "en", Table(names, series), title="Rail lines", labels=labels)


def test_printed_values_have_their_unit_and_read_ones_have_not() -> None:
    """Ticks of the libraries are bare numbers."""
    library = open_library("en")
    for labels, expected in ((True, "31 km"), (False, "31")):
        spec = plain(a_spec("bar", labels=labels))
        values = truth(spec, library.draw(spec).scales)["values"]
        assert values["South"] == expected


@pytest.mark.parametrize("type_", ["bar", "horizontal_bar"])
def test_the_scale_leads_from_pixels_to_values(type_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar's length in pixels, times the scale's units for each pixel, is its value; the first of
    horizontal bars is on top."""
    bars: list[Rectangle] = []
    closed = plt.close

    def keep(figure: plt.Figure) -> None:
        bars.extend(figure.axes[0].patches)
        closed(figure)

    monkeypatch.setattr(plt, "close", keep)
    drawn = open_library("en").draw(plain(a_spec(type_)))
    boxes = [bar.get_window_extent() for bar in bars]
    wide = type_ == "horizontal_bar"
    boxes.sort(key=lambda box: -box.y0 if wide else box.x0)
    scale = drawn.scales["x" if wide else "y"]
    for box, value in zip(boxes, VALUES, strict=True):
        length = box.width if wide else box.height
        assert abs(length * scale.per_pixel - value) < readable_step(scale) / 2


def test_overlapping_names_are_rejected() -> None:
    narrow = tuple(f"Area {i}" for i in range(40))
    with pytest.raises(Rejected, match="overlap"):
        open_library("en").draw(a_spec("line", narrow, labels=True))


def test_names_beyond_the_picture_are_rejected() -> None:
    wide = tuple(f"An area {i} with a name that is long" for i in range(3))
    with pytest.raises(Rejected, match="cut"):
        open_library("en").draw(a_spec("pie", wide, labels=True))


def test_a_test_set_has_all_types(tmp_path: Path) -> None:
    result = generate(ForeignCharts.name, tmp_path, name="plain", lang="en", workers=1,
                      splits={"test": 1.0}, num_samples=len(TYPES))  # fmt: skip
    rows = list(open_dataset(tmp_path).config("plain").rows())
    assert result.samples == len(rows) == len(TYPES)
    assert {json.loads(row["meta"])["type"] for row in rows} == set(TYPES)
    assert all(ast.literal_eval(row["text"])["values"] for row in rows)
