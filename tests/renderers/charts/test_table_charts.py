"""Charts with a table of their values: cells in the truth and in the regions, and their audit."""

from __future__ import annotations

import ast
import dataclasses
import json
from itertools import product

import numpy as np
import pytest

from renderers.charts.audit import audit
from renderers.charts.drawing import Drawing
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.region_order import in_truth_order
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from renderers.charts.truth import literal
from renderers.picture import Region
from vary_data.quality.validate.tree import check_tree
from vary_data.targets.charts.as_data import as_dict, as_json
from vary_data.targets.charts.chart import chart_of

TONS = NumberFormat(0, suffix=" t")
CATEGORIES = ("2019", "2020", "2021")
TWO = (Series("Rice", (40.0, 52.0, 33.0), TONS), Series("Oats", (20.0, 12.0, 25.0), TONS))
ONE = (Series("", (40.0, 52.0, 33.0), TONS),)
CASES = [
    ("below", TWO, [["", *CATEGORIES], ["Rice", "40 t", "52 t", "33 t"],
                    ["Oats", "20 t", "12 t", "25 t"]]),
    ("beside", TWO, [["", "Rice", "Oats"], ["2019", "40 t", "20 t"], ["2020", "52 t", "12 t"],
                     ["2021", "33 t", "25 t"]]),
    ("below", ONE, [[*CATEGORIES], ["40 t", "52 t", "33 t"]]),
    ("beside", ONE, [["2019", "40 t"], ["2020", "52 t"], ["2021", "33 t"]]),
]  # fmt: skip


def spec_of(listed: str, series: tuple[Series, ...]) -> ChartSpec:
    data = Table(CATEGORIES, series, listed=listed)  # type: ignore[arg-type]
    return ChartSpec("table_chart", "en", data, title="Harvest")


def drawn(spec: ChartSpec) -> Drawing:
    return MatplotlibBackend().render(spec, np.random.default_rng(4)).drawing


def table_of(regions: tuple[Region, ...]) -> list[list[str]]:
    cells = {(r.cell.row, r.cell.column): r.text for r in regions if r.cell}
    rows, columns = (max(place[i] for place in cells) + 1 for i in (0, 1))
    assert set(cells) == set(product(range(rows), range(columns)))
    return [[cells[r, c] for c in range(columns)] for r in range(rows)]


@pytest.mark.parametrize(("listed", "series", "rows"), CASES)
def test_the_cells_are_regions_of_a_table(
    listed: str, series: tuple[Series, ...], rows: list[list[str]]
) -> None:
    spec = spec_of(listed, series)
    chart = MatplotlibBackend().render(spec, np.random.default_rng(4))
    picture = chart.drawing.picture()
    regions = in_truth_order(picture.regions, chart.links)
    assert table_of(regions) == rows
    (table,) = [i for i, region in enumerate(regions) if region.role == "table"]
    cells = [region for region in regions if region.role == "cell"]
    assert {region.parent for region in cells} == {table}
    # In the order of reading, after their table.
    ordered = sorted(cells, key=lambda region: region.order or 0)
    assert [region.text for region in ordered] == [text for row in rows for text in row]
    assert regions[table].order < min(region.order for region in cells)  # type: ignore[operator]
    # Each value leads to the cell that prints it.
    for link in chart.links:
        assert regions[link["label"]].role == "cell"
    plain = [
        {
            **{name: getattr(region, name) for name in ("text", "role", "parent", "order")},
            "bbox": list(region.bbox),
            "quad": list(region.quad) if region.quad else None,
            "level": None,
            "continues": None,
            **{
                name: getattr(region.cell, name) if region.cell else None
                for name in ("row", "column", "rowspan", "colspan", "header")
            },
        }
        for region in regions
    ]
    assert list(check_tree(plain)) == []


def test_the_truth_has_the_values_and_the_table_row_by_row() -> None:
    chart = MatplotlibBackend().render(spec_of("beside", TWO), np.random.default_rng(4))
    assert chart.truth["values"]["Rice"]["2020"] == "52 t"
    assert chart.truth["table"]["2020"] == {"Rice": "52 t", "Oats": "12 t"}
    assert list(chart.truth)[-2:] == ["values", "table"]
    below = MatplotlibBackend().render(spec_of("below", TWO), np.random.default_rng(4))
    assert below.truth["table"] == below.truth["values"]
    row = {"text": literal(chart.truth), "lang": "en", "meta": '{"type": "table_chart"}'}
    assert ast.literal_eval(as_dict(chart_of(row))) == chart.truth
    assert json.loads(as_json(chart_of(row)))["table"]["2021"]["Oats"] == "25 t"


@pytest.mark.parametrize("listed", ["below", "beside"])
def test_a_value_in_another_cell_is_found(listed: str) -> None:
    spec = spec_of(listed, TWO)
    drawing = drawn(spec)
    assert audit(spec, drawing) == ()
    first, second = [text for text in drawing.texts if text.role == "value"][:2]
    place = {id(first): second.cell, id(second): first.cell}
    texts = tuple(
        dataclasses.replace(text, cell=place.get(id(text), text.cell)) for text in drawing.texts
    )
    assert {f.reason for f in audit(spec, dataclasses.replace(drawing, texts=texts))} == {"mark"}
    named = [text for text in drawing.texts if text.cell and not text.path]
    texts = tuple(text for text in drawing.texts if text is not named[-1])
    found = {flaw.reason for flaw in audit(spec, dataclasses.replace(drawing, texts=texts))}
    assert found == {"missing", "mark"}


def test_a_bar_of_another_length_is_found() -> None:
    spec = spec_of("below", TWO)
    drawing = drawn(spec)
    mark, *marks = drawing.marks
    x0, y0, x1, y1 = mark.bbox
    taller = dataclasses.replace(mark, bbox=(x0, y0 - 12, x1, y1))
    found = audit(spec, dataclasses.replace(drawing, marks=(taller, *marks)))
    assert [flaw.reason for flaw in found] == ["mark"]
