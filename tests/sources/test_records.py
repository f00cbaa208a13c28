from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderers.charts.drawing import Scale
from renderers.charts.spec import NumberFormat, Series, Summary, Table
from renderers.charts.truth import truth
from tests.tools.openai_server import record as any_record
from vary_data.base.errors import SourceError
from vary_data.sources.charts.content import ChartContent, to_spec, values
from vary_data.sources.records.content import content_of
from vary_data.sources.records.files import read_data, read_records
from vary_data.sources.records.models import RECORD_OF_TYPE, RecordProblem
from vary_data.sources.records.tables import table_record

GOOD: dict[str, Any] = {
    "topic": "energy",
    "chart_type": "bar",
    "title": "Solar capacity in Spain, 2021 to 2023",
    "source": "Source: made up",
    "x_title": "Year",
    "y_title": "Capacity",
    "unit": "GW",
    "categories": ["2021", "2022", "2023"],
    "series": [{"name": "", "values": [13.7, 18.2, 22.5]}],
}


def content(lang: str = "en", **changes: Any) -> ChartContent:
    return content_of({**GOOD, **changes}, lang)


def reason(lang: str = "en", **changes: Any) -> str:
    try:
        content(lang, **changes)
    except RecordProblem as problem:
        return problem.reason
    return ""


def shares(values: list[float], unit: str = "%") -> dict[str, Any]:
    names = ["Rail", "Road", "Air", "Sea"][: len(values)]
    series = [{"name": "", "values": values}]
    return {"chart_type": "pie", "title": "Freight", "unit": unit, "categories": names} | {
        "series": series
    }


def numbers(*values: float) -> dict[str, Any]:
    """Values of four cities."""
    names = ["Lyon", "Porto", "Ghent", "Turin"]
    series = [{"name": "", "values": list(values)}]
    return {"title": "Sales by city", "unit": "", "x_title": "City", "y_title": "Sales"} | {
        "categories": names,
        "series": series,
    }


@pytest.mark.parametrize(
    ("changes", "lang", "expected"),
    [
        ({}, "en", ""),
        ({"title": "Solar capacity up by 40"}, "en", "title-contradicts"),
        ({"title": "Capacity reaches 22.5 GW"}, "en", ""),
        ({"title": "Capacity in 3 years"}, "en", ""),
        ({"title": "Capacity in 1999"}, "en", "title-contradicts"),
        ({"title": "太阳能装机"}, "en", "wrong-language"),
        ({}, "zh", "wrong-language"),
        ({"title": ""}, "en", "title-length"),
        ({"title": "x" * 121}, "en", "title-length"),
        ({"title": "None"}, "en", "reserved-word"),
        ({"source": "Source: yearbook 2021"}, "en", "source-too-old"),
        ({"source": "Source: yearbook 2023"}, "en", ""),
        ({"categories": ["a", "A ", "c"]}, "en", "repeated-name"),
        ({"categories": ["\u2206t", "\u0394t", "c"]}, "en", "repeated-name"),
        ({"categories": ["a", "b"]}, "en", "wrong-shape"),
        ({"categories": ["a", "b", "c" * 61]}, "en", "name-length"),
        ({"categories": ["a", "b", "c\u202e"]}, "en", "control-character"),
        ({"chart_type": "hologram"}, "en", "unknown-type"),
        ({"chart_type": "rose", **numbers(1, -2, 3, 4)}, "en", "negative-value"),
        ({"series": [{"name": "", "values": [1, 1e30, 3]}]}, "en", "implausible-value"),
        ({"series": [{"name": "", "values": [5, 5, 5]}]}, "en", "constant-values"),
        ({"unit": "%", "series": [{"name": "", "values": [5, 5000, 6]}]}, "en",
         "implausible-percentage"),
        (shares([40, 35, 25]), "en", ""),
        (shares([40, 35, 35]), "en", "parts-do-not-sum"),
        (shares([40, 35, 35], "Mt"), "en", ""),
        (shares([60, 40, 0]), "en", "empty-part"),
        ({"chart_type": "funnel", **numbers(10, 12, 8, 5)}, "en", "wrong-order"),
        ({"chart_type": "waterfall", **numbers(10, -2, 3, 11)}, "en", ""),
        ({"chart_type": "waterfall", **numbers(10, -2, 3, 12)}, "en", "sum-differs"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record(changes: dict[str, Any], lang: str, expected: str) -> None:
    assert reason(lang, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"unit": None}, "unit: Input should be a valid string"),
        ({"foo": 1}, "foo: Extra inputs are not permitted"),
        ({"series": [{"name": "", "values": ["a", 2, 3]}]}, "series.0.values.0: "),
        ({"series": [{"name": "", "values": [True, 2, 3]}]}, "a truth value is no number"),
        ({"chart_type": 3}, "chart_type: a string is required"),
    ],
)
def test_a_malformed_record_names_its_field(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(RecordProblem, match="malformed-record") as error:
        content(**changes)
    assert fault in error.value.detail


def test_a_record_becomes_a_specification() -> None:
    spec = to_spec(content(), "horizontal_bar", labels=True)
    number = NumberFormat(decimals=1, suffix=" GW")
    assert spec.data == Table(("2021", "2022", "2023"), (Series("", (13.7, 18.2, 22.5), number),))
    assert (spec.title, spec.labels) == (GOOD["title"], True)


@pytest.mark.parametrize("type_", ["bar", "horizontal_bar", "pyramid", "dumbbell", "heatmap"])
def test_axis_titles_follow_their_meaning(type_: str) -> None:
    """`Amount` is at the values, `Item` at the categories, whatever way the chart lies."""
    made = content_of(any_record(type_, 0, 0, zh=False), "en")
    spec = to_spec(made, type_, labels=True)
    lying = type_ in ("horizontal_bar", "pyramid", "dumbbell")
    expected = ("Amount", "Item") if lying else ("Item", "Amount")
    # The rows of a heat map are series, not values.
    assert (spec.x_title, spec.y_title) == (("Item", None) if type_ == "heatmap" else expected)


@pytest.mark.parametrize("zh", [False, True])
@pytest.mark.parametrize("type_", sorted(RECORD_OF_TYPE))
def test_a_record_of_every_type_becomes_content(type_: str, zh: bool) -> None:
    made = content_of(any_record(type_, 3, 1, zh=zh), "zh" if zh else "en")
    assert made.types[0] == type_
    assert len(values(made.data)) >= 1


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ((0.001, 0.002, 0.003, 0.004), ("0.001", "0.002", "0.003", "0.004")),
        ((1.001, 1.002, 1.003, 1.004), ("1.001", "1.002", "1.003", "1.004")),
        ((0.004, 0.012, 0.023, 0.034), ("0.004", "0.012", "0.023", "0.034")),
        ((1e-9, 2e-9, 3e-9, 4e-9), ("1e-9", "2e-9", "3e-9", "4e-9")),
        ((2e-5, 1.5e-5, 3e-5, 4.25e-5), ("2.00e-5", "1.50e-5", "3.00e-5", "4.25e-5")),
        ((9e11, 2e11, 3e11, 1.5e11), ("900B", "200B", "300B", "150B")),
        ((12345, 900, 5, 77), ("12,345", "900", "5", "77")),
        ((1.23456, 2.34567, 3.45678, 4.56789), ("1.23", "2.35", "3.46", "4.57")),
        ((-12.5, 3, 4, 5), ("-12.5", "3.0", "4.0", "5.0")),
        ((100000.1, 100000.2, 100000.3, 7), ("100,000.1", "100,000.2", "100,000.3", "7.0")),
    ],
)
def test_printed_numbers_tell_the_values_apart(
    given: tuple[float, ...], printed: tuple[str, ...]
) -> None:
    data = content(**numbers(*given)).data
    assert isinstance(data, Table)
    series = data.series[0]
    assert tuple(series.number.print(v) for v in series.values) == printed


def test_numbers_that_no_format_tells_apart_are_rejected_by_name() -> None:
    assert reason(**numbers(1e-9, 2, 3, 4)) == "indistinct-values"
    assert reason(**numbers(1e10, 1e10 + 1e-3, 3, 4)) == "indistinct-values"


def test_money_units_and_chinese_numbers_are_written_as_usual() -> None:
    def first(lang: str, unit: str, *given: float, **more: Any) -> str:
        data = content(lang, **{**numbers(*given), "unit": unit, **more}).data
        assert isinstance(data, Table)
        return data.series[0].number.print(data.series[0].values[0])

    zh = {"title": "销售额"}
    assert first("en", "$", 12000, 900, 5, 1) == "$12,000"
    assert first("en", "W", 2.5e10, 1e10, 3e10, 4e10) == "25 GW"
    assert first("zh", "吨", 13.7, 2, 3, 4, **zh) == "13.7吨"
    assert first("zh", "元", 2.5e9, 1e9, 3e9, 4e9, **zh) == "25亿元"
    assert first("zh", "亿元", 2.5e9, 1e9, 3e9, 4e9, **zh) == "2500000000亿元"


def test_values_too_small_for_the_axis_are_printed() -> None:
    spec = to_spec(content(**numbers(1, 2, 3, 900_000)), "bar", labels=False)
    assert spec.labels
    assert not to_spec(content(**numbers(1, 2, 3, 4)), "bar", labels=False).labels


def test_percent_bars_of_amounts_become_percentages() -> None:
    amounts = numbers(5, 5, 5, 5) | {"chart_type": "percent_bar"}
    amounts["series"] = [
        {"name": "X", "values": [5, 5, 5, 5]}, {"name": "Y", "values": [4, 5, 7, 9]}
    ]  # fmt: skip
    made = content(**amounts)
    assert isinstance(made.data, Table)
    first, second = made.data.series
    assert first.values == (55.6, 50.0, 41.7, 35.7)
    assert second.values == (44.4, 50.0, 58.3, 64.3)
    assert (first.number.suffix, made.value_title) == ("%", "Sales (%)")


def test_spaces_and_soft_hyphens_are_as_a_reader_sees_them() -> None:
    names = ["New\u00a0York", "Alpha\u00adbeta", "Zu\u0308rich", " Turin\u3000"]
    made = content(**(numbers(1, 2, 3, 4) | {"categories": names}))
    spec = to_spec(made, "bar", labels=True)
    assert list(truth(spec, {"y": Scale(0, 4, 100)})["values"]) == [
        "New York", "Alphabeta", "Z\u00fcrich", "Turin"
    ]  # fmt: skip


def test_other_types_that_fit() -> None:
    cities = content(**numbers(1, 2, 3, 4)).types
    assert cities == ("bar", "horizontal_bar", "lollipop", "polar_bar", "pictorial_bar", "rose")
    assert (
        "line" in content(**(numbers(1, 2, 3, 4) | {"categories": ["Q1", "Q2", "Q3", "Q4"]})).types
    )
    assert "rose" not in content().types, "a rose needs four categories"
    assert "rose" not in content(**numbers(1, -2, 3, 4)).types
    two = [{"name": n, "values": [1, 2, 3]} for n in "ab"]
    assert "stacked_bar" in content(chart_type="grouped_bar", series=two).types
    assert "stacked_bar" not in content(chart_type="grouped_bar", series=two, unit="°C").types


CSV = "Year;Solar (GW);Wind (GW)\n2020;1,5;2\n2021;2,5;3\n2022;3;4\n2023;4;6\n"


def one(path: Path, lang: str = "en") -> ChartContent:
    (source,) = read_records(path)
    return content_of(source.value, lang)


def test_a_column_called_peak_is_one_of_values() -> None:
    """A ridgeline has this only figure, but no curves in a table."""
    rows = [["Mill", 12], ["Ford", 30], ["Camp", 21]]
    record = table_record({"title": "Load", "columns": ["Place", "Peak"], "rows": rows})
    assert record.chart_type == "bar"


def test_a_csv_table_with_times_becomes_lines(tmp_path: Path) -> None:
    path = tmp_path / "installed_capacity.csv"
    path.write_text("# source: Source: made up\n" + CSV)
    made = one(path)
    assert made.types[0] == "multi_line"
    assert (made.title, made.source) == ("Installed capacity", "Source: made up")
    assert made.category_title == "Year"
    assert isinstance(made.data, Table)
    assert [s.name for s in made.data.series] == ["Solar", "Wind"]
    assert made.data.series[0].number.print(1.5) == "1.5 GW"


@pytest.mark.parametrize(
    ("name", "text", "type_", "value"),
    [
        ("a.csv", "City,Rent\nLyon,$950\nPorto,$800\nGhent,\"$1,100\"\n", "bar", "$950"),
        ("b.csv", "Fuel,Share\nGas,45%\nOil,30%\nWood,25%\n", "pie", "45%"),
        ("c.tsv", "# type: horizontal_bar\n# unit: km\nRiver\tLength\nA\t9\nB\t7\nC\t5\n",
         "horizontal_bar", "9 km"),
        ("d.csv", "City,min,q1,median,q3,max\nLyon,1,2,3,4,5\nGhent,2,3,4,5,6\n", "box", "1"),
        ("e.csv", "from,to,t\nFarm,Shop,3\nFarm,Mill,4\nSea,Shop,5\nSea,Mill,6\n", "sankey", "3"),
        ("f.csv", "Group,Item,kg\nA,x,3\nA,y,4\nB,z,5\nB,u,6\nC,v,7\nC,w,8\n", "treemap", "3"),
        ("g.json", '{"title": "Tea", "type": "bubble", '
         '"columns": ["Town", "Shops", "Cups", "Staff"],'
         ' "rows": [["P", 1, 5, 9], ["Q", 2, 6, 8], ["R", 3, 9, 7], ["S", 4, 8, 6]]}',
         "bubble", "1"),
        ("h.json", '[{"City": "P", "Rain": 1}, {"City": "Q", "Rain": 2}, {"City": "R", "Rain": 3}]',
         "bar", "1"),
        ("i.csv", "# type: bar_line\nMonth,Rain (mm),Heat (°C)\nJan,30,2\nFeb,40,3\nMar,35,6\n"
         "Apr,50,9\n", "bar_line", "30 mm"),
    ],
)  # fmt: skip
def test_tables_as_people_have_them(
    tmp_path: Path, name: str, text: str, type_: str, value: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    made = one(path)
    assert made.types[0] == type_
    spec = to_spec(made, type_, labels=True)
    scale = Scale(0, 10, 400)
    printed = truth(spec, {"x": scale, "y": scale, "y2": scale})["values"]
    while isinstance(printed, dict):
        printed = next(iter(printed.values()))
    assert printed == value


@pytest.mark.parametrize(
    ("text", "reason", "fault"),
    [
        ("City,Rent\nLyon,9\nPorto\nGhent,4\n", "malformed-table", "row 2 has 1 cells"),
        ("City,Rent\nLyon,9\nPorto,high\nGhent,4\n", "malformed-table", "'high' is no number"),
        ("City,Rent\n", "malformed-table", "no rows"),
        ("City,A (t),B (kg)\nLyon,9,3\nPorto,3,4\n", "malformed-table", "different units"),
        ("# type: spiral\nCity,Rent\nLyon,9\nPorto,8\nGhent,7\n", "unknown-type", "spiral"),
        ("City,Rent\nLyon,9\nPorto,8\n", "wrong-shape", "bar takes 3 to 40 categories, not 2"),
    ],
)
def test_what_is_wrong_with_a_table(tmp_path: Path, text: str, reason: str, fault: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(RecordProblem) as error:
        one(path)
    assert error.value.reason == reason
    assert fault in error.value.detail


def test_files_of_a_folder_are_read_in_order_and_faults_have_a_place(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(CSV)
    (tmp_path / "a.jsonl").write_text(json.dumps(GOOD) + "\n{oops\n\n" + json.dumps(GOOD) + "\n")
    (tmp_path / "c.json").write_bytes(b"\xff\xfe")
    found = read_records(tmp_path)
    assert [(s.place, s.reason) for s in found] == [
        ("a.jsonl:1", ""),
        ("a.jsonl:2", "malformed-record"),
        ("a.jsonl:4", ""),
        ("b.csv", ""),
        ("c.json", "malformed-record"),
    ]
    with pytest.raises(SourceError, match="holds no record"):
        read_records(_empty_folder(tmp_path))


def _empty_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_styles_of_a_record_print_large_numbers_differently() -> None:
    large = numbers(2_500_000, 1_200_000, 3_000_000, 4_000_000)
    seen = set()
    for seed in range(20):
        made = content_of({**GOOD, **large}, "en", np.random.default_rng(seed)).data
        assert isinstance(made, Table)
        seen.add(made.series[0].number.print(made.series[0].values[0]))
    assert {"2,500,000", "2.5M"} <= seen


def test_summaries_keep_the_order_of_their_fields() -> None:
    made = content_of(any_record("box", 0, 0, zh=False), "en").data
    assert isinstance(made, Summary)
    assert made.fields == ("min", "q1", "median", "q3", "max")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"a,b\nx," + b"1" * 100_000 + b"x\n", "malformed-table"),
        ("a.csv", b"a" + b" " * 100_000 + b"b,c\nx,1\n", "malformed-table"),
        ("a.csv", b"a,b\n" + b"x,1\n" * 200_000, "wrong-shape"),
        ("a.csv", b"#\n" * 400_000, "malformed-table"),
        ("a.csv", b"a,b\nx,\x00\n", "malformed-table"),
        ("a.csv", b",".join(b"%d" % i for i in range(5000)) + b"\n", "malformed-table"),
        ("a.json", b'{"columns": ["a", "b"], "rows": [["x", ' + b"9" * 400 + b"]]}", None),
        ("a.json", b"[" * 100_000, "malformed-record"),
        ("a.json", b" " * (64 << 20) + b"[]", "too-large"),
        ("a.jsonl", b'{"chart_type": "' + b"x" * 100_000 + b'"}', "unknown-type"),
    ],
)
def test_hostile_tables_are_rejected_in_time(name: str, data: bytes, reason: str | None) -> None:
    started = time.process_time()
    (source,) = read_data(data, name)
    found = source.reason
    if not found:
        with pytest.raises(RecordProblem) as caught:
            content_of(source.value, "en", np.random.default_rng(0))
        found = caught.value.reason
    assert found == (reason or "malformed-table")
    assert time.process_time() - started < 5


def test_a_cell_may_have_unusual_line_separators() -> None:
    (source,) = read_data("a\u2028b,c\x85d\r\nx\x0cy,1\r\n".encode(), "t.csv")
    assert source.value["columns"] == ["a\u2028b", "c\x85d"]
    assert source.value["rows"] == [["x\x0cy", "1"]]


def test_a_file_that_is_too_large_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("a,b\nx,1\n")
    (tmp_path / "link.csv").symlink_to("a.csv")
    assert len(read_records(tmp_path / "link.csv")) == 1
    monkeypatch.setattr("vary_data.sources.records.files.MAX_NAMED_BYTES", 4)
    with pytest.raises(SourceError, match=r"a\.csv: too-large.*bytes; split it"):
        read_records(tmp_path / "a.csv")
