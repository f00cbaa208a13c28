"""What the page draws and reports, on options written by hand."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from renderers.charts.audit import audit
from renderers.charts.backend import BackendDied, ToolNotFound
from renderers.charts.echarts.browser import ChartFailed, ChartPage
from renderers.charts.echarts.context import EchartsFigure, SeriesMarks, tick_formatter
from renderers.charts.echarts.install import find_browser, find_echarts_js
from renderers.charts.echarts.layout import Frame, Rect
from renderers.charts.echarts.readback import decode_pixels, read_back
from renderers.charts.spec import ChartSpec, NumberFormat, NumberMarks, Series, Table

FIGURE = EchartsFigure(
    Frame(600, 400, Rect(0, 0, 600, 400), (), None),
    {},
    marks={"s0": SeriesMarks((("a",), ("b",), ("c",)))},
)
CITIES = (
    "北京市朝阳区望京街道",
    "上海市浦东新区陆家嘴",
    "广州市天河区体育中心",
    "深圳市南山区科技园",
    "武汉市洪山区光谷",
    "成都市高新区天府",
    "西安市雁塔区小寨",
    "杭州市西湖区文三路",
    "南京市鼓楼区新街口",
    "重庆市渝中区解放碑",
)


def request(option: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole_number = {"animation": False, "backgroundColor": "#ffffff", **option}
    return {
        "option": whole_number,
        "width": 600,
        "height": 400,
        "ratio": 1,
        "seed": 1,
        "clock": 0,
        "locale": "EN",
        "roles": {},
        "marks": [],
        **more,
    }


def bars(names: tuple[str, ...], axis_label: dict[str, Any], **series: Any) -> dict[str, Any]:
    return {
        "textStyle": {"fontFamily": "Noto Sans CJK SC"},
        "xAxis": {"id": "x", "type": "category", "data": list(names), "axisLabel": axis_label},
        "yAxis": {"id": "y", "type": "value", "min": 0, "max": 20},
        "series": [{"type": "bar", "id": "s0", "data": list(range(1, len(names) + 1)), **series}],
    }


def test_category_labels_dropped_by_default_are_missing_in_the_audit(page: ChartPage) -> None:
    number = NumberFormat()
    values = tuple(float(i) for i in range(1, 11))
    spec = ChartSpec("bar", "zh", Table(CITIES, (Series("", values, number),)), labels=False)

    dropped = read_back(page.draw(request(bars(CITIES, {}))), FIGURE, 1)
    whole_number = read_back(
        page.draw(request(bars(CITIES, {"interval": 0, "rotate": 90}))), FIGURE, 1
    )

    missing = {flaw.text for flaw in audit(spec, dropped) if flaw.reason == "missing"}
    drawn = {text.text for text in dropped.texts if text.role == "x_tick"}
    assert missing == set(CITIES) - drawn
    assert len(missing) >= 5
    assert not [flaw for flaw in audit(spec, whole_number) if flaw.reason == "missing"]


def test_bars_are_where_their_values_are(page: ChartPage) -> None:
    answer = page.draw(request(bars(("a", "b", "c"), {"interval": 0}), marks=["s0"]))
    drawing = read_back(answer, FIGURE, 1)
    scale = drawing.scales["y"]
    (plot,) = drawing.plots
    assert [mark.path for mark in drawing.marks] == [("a",), ("b",), ("c",)]
    heights = [mark.bbox[3] - mark.bbox[1] for mark in drawing.marks]
    per_pixel = (scale.high - scale.low) / scale.pixels
    assert [round(height * per_pixel, 2) for height in heights] == [1, 2, 3]
    assert all(abs(mark.bbox[3] - plot[3]) < 0.01 for mark in drawing.marks)


def test_ink_lies_in_the_boxes_and_nowhere_else(page: ChartPage) -> None:
    option = {"title": {"id": "title", "text": "Wide Ape", "left": 80, "top": 60}}
    option["title"]["textStyle"] = {"fontSize": 30, "color": "#000000"}
    drawing = read_back(page.draw(request(option)), FIGURE, 1)
    (title,) = drawing.texts
    rows, columns = np.nonzero(drawing.pixels.min(axis=2) < 128)
    x0, y0, x1, y1 = title.bbox
    assert title.text == "Wide Ape"
    assert title.role == "title"
    assert abs(columns.min() - x0) <= 2
    assert abs(columns.max() + 1 - x1) <= 2
    assert abs(rows.min() - y0) <= 2
    assert abs(rows.max() + 1 - y1) <= 2
    assert title.contrast == pytest.approx(21)
    left, right = title.words
    assert (left.text, right.text) == ("Wide", "Ape")
    assert left.bbox[2] < right.bbox[0]


def test_boxes_grow_with_the_pixel_ratio(page: ChartPage) -> None:
    option = {"title": {"id": "title", "text": "Scale", "left": 100, "top": 40}}
    once = read_back(page.draw(request(option)), FIGURE, 1)
    twice = read_back(page.draw(request(option, ratio=2)), FIGURE, 2)
    assert twice.pixels.shape == (800, 1200, 3)
    assert twice.texts[0].bbox == pytest.approx([2 * v for v in once.texts[0].bbox], abs=2)
    assert twice.texts[0].size == 2 * once.texts[0].size


@pytest.mark.parametrize("text", ["{b}", "{a|x}", "<b>1</b>", "{@value}", "a\\b", "{{", "$1|2$"])
def test_template_characters_are_printed_as_they_are(page: ChartPage, text: str) -> None:
    label = {"show": True, "position": "top", "formatter": {"$printed": [text, "plain"]}}
    names = (text, "other")
    answer = page.draw(request(bars(names, {"interval": 0}, label=label)))
    by_role = [(t["role"], t["text"]) for t in answer["texts"]]
    assert ("value", text) in by_role
    assert ("x_tick", text) in by_role


@pytest.mark.parametrize(
    ("like", "printed"),
    [
        (NumberFormat(1, True, "$", "K"), ["-$2,000.0K", "$0.0K", "$2,000.0K"]),
        (
            NumberFormat(1, True, "", " €", NumberMarks(",", ".")),
            ["-2.000,0 €", "0,0 €", "2.000,0 €"],
        ),
        (NumberFormat(0, True, marks=NumberMarks(",", " ", 10_000)), ["-2000", "0", "2000"]),
    ],
)
def test_a_number_formatter_prints_like_the_spec(
    page: ChartPage, like: NumberFormat, printed: list[str]
) -> None:
    option = bars(("a",), {})
    option["yAxis"] |= {"min": -2000, "max": 2000, "interval": 2000}
    option["yAxis"]["axisLabel"] = {"formatter": tick_formatter(like, like.decimals)}
    ticks = [t["text"] for t in page.draw(request(option))["texts"] if t["role"] == "y_tick"]
    assert ticks == [like.print(v) for v in (-2000, 0, 2000)] == printed


def test_a_series_that_echarts_does_not_know_draws_nothing(page: ChartPage) -> None:
    answer = page.draw(request({"series": [{"type": "wordCloud", "id": "s0", "data": [1]}]}))
    assert not answer["drawn"].get("s0")


def test_an_error_in_echarts_is_the_charts_own(page: ChartPage) -> None:
    with pytest.raises(ChartFailed):
        page.draw(request({"series": [{"type": "line", "id": "s0", "data": [1]}]}))
    assert page.measure([("10px sans-serif", ["a"])])[0][0] > 0


def test_a_drawing_does_not_depend_on_those_before_it(page: ChartPage) -> None:
    nodes = [{"name": str(i)} for i in range(8)]
    links = [{"source": str(i), "target": str((i * 3 + 1) % 8)} for i in range(8)]
    force: dict[str, Any] = {
        "type": "graph",
        "id": "s0",
        "layout": "force",
        "data": nodes,
        "links": links,
    }
    force["force"] = {"layoutAnimation": False}
    first = page.draw(request({"series": [force]}))
    page.draw(request(bars(("a", "b"), {})))
    second = page.draw(request({"series": [force]}))
    other = page.draw(request({"series": [force]}, seed=2))
    assert first == second
    assert first["picture"] != other["picture"]


def test_widths_do_not_depend_on_words_measured_before(page: ChartPage) -> None:
    """Chromium keeps the shape of "0" from "0人", where it is another glyph than on its own."""
    for family in ("Noto Serif CJK SC", "Noto Sans CJK SC"):
        font = f'37px "{family}"'
        first = page.measure([(font, ["0"])])
        page.measure([(font, ["0人", "8月"])])
        assert page.measure([(font, ["0"])]) == first


def titles(*texts: str) -> dict[str, Any]:
    style = {"fontSize": 37, "fontWeight": "normal", "fontFamily": '"Noto Serif CJK SC"'}
    places = ({"id": f"t{i}", "text": t, "top": 60 * i} for i, t in enumerate(texts))
    return request(
        {"title": [{**place_labels, "right": 0, "textStyle": style} for place_labels in places]}
    )


def test_places_do_not_depend_on_words_drawn_before(own_page: ChartPage) -> None:
    """After "80人" a lone "80" is wider, and ECharts would keep that width for the next chart."""
    fresh = own_page.draw(titles("80"))
    mixed = own_page.draw(titles("80人", "80"))
    assert mixed["texts"][1]["box"][0] != fresh["texts"][0]["box"][0]
    own_page._run(own_page._new_page(), 60)
    own_page.draw(titles("80人", "80"))
    assert own_page.draw(titles("80")) == fresh


def test_an_echarts_that_cannot_forget_is_refused(page: ChartPage, tmp_path: Path) -> None:
    stubborn = tmp_path / "echarts.js"
    stubborn.write_text(
        "globalThis.echarts = { version: '0', setPlatformAPI() {},"
        " format: { getTextRect: () => ({ width: 1000 }) } };"
    )
    with pytest.raises(ToolNotFound, match="ECharts 0 never forgets"):
        ChartPage(find_browser(), stubborn)


def test_the_page_has_no_network(page: ChartPage) -> None:
    script = "fetch('http://127.0.0.1:9/').then(() => 'reached', (error) => 'refused')"
    assert page._run(page._evaluate(script), 60) == "refused"
    image = """new Promise((done) => { const i = new Image();
        i.onload = () => done('reached'); i.onerror = () => done('refused');
        i.src = 'https://example.com/x.png'; })"""
    assert page._run(page._evaluate(image), 60) == "refused"


def test_a_page_that_hangs_is_given_up(own_page: ChartPage) -> None:
    with pytest.raises(BackendDied, match="did not answer"):
        own_page._run(own_page._evaluate("() => { for (;;); }"), 1.0)


def test_a_browser_that_is_killed_is_noticed(page: ChartPage) -> None:
    before = set(psutil.Process().children(recursive=True))
    doomed = ChartPage(find_browser(), find_echarts_js(), timeout=200.0)
    started = set(psutil.Process().children(recursive=True)) - before
    (main,) = (p for p in started if "chrom" in p.name() and "--type=" not in str(p.cmdline()))
    main.kill()
    with pytest.raises(BackendDied):
        doomed.draw(request({}))
    doomed.close()
    with pytest.raises(BackendDied):
        doomed.draw(request({}))
    _, alive = psutil.wait_procs(started, timeout=100)
    assert not alive


def test_a_recycled_page_draws_the_same(own_page: ChartPage) -> None:
    option = bars(("a", "b"), {})
    first = own_page.draw(request(option))
    own_page._recycle_after = 1
    assert own_page.draw(request(option)) == first
    assert own_page._drawn == 1


def test_pixels_come_back_from_runs() -> None:
    # Two red pixels, then four blue ones, in rows of three.
    counts = np.array([2, 4], "<u2").tobytes()
    picture: dict[str, Any] = {"runs": 2, "width": 3, "height": 2}
    picture["data"] = base64.b64encode(counts + bytes([255, 0, 0, 0, 0, 255])).decode()
    pixels = decode_pixels(picture)
    assert pixels[0].tolist() == [[255, 0, 0], [255, 0, 0], [0, 0, 255]]
    assert pixels[1].tolist() == [[0, 0, 255]] * 3
