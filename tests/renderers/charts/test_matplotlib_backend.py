import ast
import dataclasses

import numpy as np
import pytest

from renderers import fonts
from renderers.charts.audit import audit
from renderers.charts.catalog import CATALOG
from renderers.charts.expected import expected, plain
from renderers.charts.matplotlib import backend as module
from renderers.charts.matplotlib.backend import MatplotlibBackend, draw
from renderers.charts.matplotlib.style import sample_style
from renderers.charts.paths import mark_paths
from renderers.charts.spec import ChartSpec, NumberFormat, Series, Table
from renderers.charts.truth import literal
from renderers.rejected import Rejected
from tests.renderers.charts.mark_centers import away
from tests.tools.chosen_cases import in_turn
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

TYPES = sorted(MatplotlibBackend.types)


def spec_of(type_="bar", **changes):
    data = Table(("Tea", "Rice", "Corn"), (Series("", (12.0, 40.0, 25.0), NumberFormat(0)),))
    given = {"type": type_, "lang": "en", "data": data, "title": "Harvest in 2020"}
    return ChartSpec(**{**given, **changes})


def style_of(spec, seed=0, size=(700, 500), **changes):
    style = sample_style(
        fonts.families(spec.lang), spec.lang, 12, size, np.random.default_rng(seed)
    )
    return dataclasses.replace(style, **changes)


def reasons(spec, drawing):
    return [flaw.reason for flaw in audit(spec, drawing)]


@pytest.mark.parametrize(("type_", "lang"), in_turn(TYPES, ("en", "zh")))
def test_every_type_renders_and_its_truth_is_on_the_picture(type_, lang):
    if not fonts.families(lang):
        pytest.skip(f"no font for {lang} is installed")
    rng = np.random.default_rng([3, len(type_)])
    spec = random_spec(type_, lang, load_corpus(lang), rng)
    chart = MatplotlibBackend().render(spec, rng)
    picture = chart.drawing.picture()

    assert ast.literal_eval(literal(chart.truth)) == chart.truth
    drawn = " ".join(plain(r.text) for r in picture.regions if r.role not in ("mark", "word"))
    wanted = expected(spec, chart.drawing.texts)
    titles = [t for t in (spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title) if t]
    for text in (*titles, *(name for name, _ in wanted.names), *wanted.values):
        assert plain(text) in drawn
    for region in picture.regions:
        x0, y0, x1, y1 = region.bbox
        assert 0 <= x0 <= x1 <= picture.width
        assert 0 <= y0 <= y1 <= picture.height
    marks = [r for r in picture.regions if r.role == "mark"]
    assert len(marks) >= len(mark_paths(spec))
    panels = len(spec.table.series) if type_ == "small_multiples" else 1
    assert sum(r.role == "plot" for r in picture.regions) == panels
    assert away(type_, chart.drawing) == []


@pytest.mark.parametrize("type_", ["bar", "multi_line", "pie", "bubble"])
def test_same_spec_and_generator_same_chart(type_):
    def once():
        rng = np.random.default_rng(11)
        spec = random_spec(type_, "en", load_corpus("en"), rng)
        return MatplotlibBackend().render(spec, rng)

    first, second = once(), once()
    assert np.array_equal(first.drawing.pixels, second.drawing.pixels)
    assert first.drawing.texts == second.drawing.texts
    assert first.truth == second.truth


def test_a_text_is_where_its_box_is():
    """Drawn with and without its title, the picture differs in the title's box, up to its edges,
    and nowhere else."""
    spec = spec_of()
    style = style_of(spec, title_align="left")
    sheet_with = draw(spec, style)
    title = next(t for t in sheet_with.texts if t.role == "title")
    x0, y0, x1, y1 = (int(v) for v in title.bbox)
    background = np.array([int(style.palette.background[i : i + 2], 16) for i in (1, 3, 5)])
    inked = (sheet_with.pixels != background).any(2)
    band = inked[max(0, y0 - 3) : y1 + 3]
    columns, rows = np.flatnonzero(band.any(0)), np.flatnonzero(band.any(1))
    assert (columns[0], columns[-1] + 1) == (x0, x1)
    assert (rows[0] + y0 - 3, rows[-1] + 1 + y0 - 3) == (y0, y1)


def test_marks_are_where_their_boxes_are():
    spec = spec_of(labels=False)
    style = style_of(spec, one_color=True, radius=0.0, bar_edge="none", hatched=False, variant=0)
    drawing = draw(spec, style)
    color = np.array([int(style.colors[0][i : i + 2], 16) for i in (1, 3, 5)])
    for mark in drawing.marks:
        x0, y0, x1, y1 = mark.bbox
        assert np.array_equal(drawing.pixels[int((y0 + y1) / 2), int((x0 + x1) / 2)], color)
        assert not np.array_equal(drawing.pixels[int(y0) - 3, int((x0 + x1) / 2)], color)
    heights = {m.path[0]: m.bbox[3] - m.bbox[1] for m in drawing.marks}
    assert heights["Rice"] / heights["Tea"] == pytest.approx(40 / 12, rel=0.03)


def test_bars_and_ticks_agree():
    spec = spec_of(labels=False)
    drawing = draw(spec, style_of(spec))
    scale = drawing.scales["y"]
    bars = {m.path[0]: m.bbox for m in drawing.marks}
    _, y0, _, y1 = bars["Rice"]
    assert (y1 - y0) / scale.pixels * (scale.high - scale.low) == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize("text", ["Cost of $a_b$ in $x^2$", r"\frac{1}{2} of {all}", "100% | #1"])
def test_signs_of_formulas_are_drawn_to_the_letter(text):
    spec = spec_of(title=text)
    drawing = draw(spec, style_of(spec))
    title = next(t for t in drawing.texts if t.role == "title")
    assert plain(title.text) == plain(text)
    assert plain("".join(w.text for w in title.words)) == plain(text)
    assert reasons(spec, drawing) == []


def test_a_planted_missing_glyph_is_found():
    spec = spec_of(title="茶 Harvest")
    with pytest.warns(UserWarning, match="missing from font"):
        drawing = draw(spec, style_of(spec_of()))
    assert "glyph" in reasons(spec, drawing)


def test_characters_that_no_font_has_are_rejected_before_drawing():
    with pytest.raises(Rejected) as rejected:
        MatplotlibBackend().render(spec_of(title="茶"), np.random.default_rng(0))
    assert rejected.value.reason == "glyph"


def test_a_planted_cut_label_is_found():
    spec = spec_of()
    drawing = draw(spec, style_of(spec))
    moved = tuple(
        dataclasses.replace(t, bbox=(690.0, t.bbox[1], 720.0, t.bbox[3])) if t.text == "Tea" else t
        for t in drawing.texts
    )
    assert "cut" in reasons(spec, dataclasses.replace(drawing, texts=moved))


def test_crowded_labels_overlap_and_are_repaired():
    names = tuple(f"{10 * i}-{10 * i + 10}" for i in range(8))
    values = tuple(100_000.0 + i for i in range(8))
    number = NumberFormat(0, thousands=True, suffix=" tonnes")
    spec = spec_of("histogram", data=Table(names, (Series("", values, number),)))
    crowded = draw(spec, style_of(spec, size=(360, 300), base=15.0, label_place="out"))
    assert "overlap" in reasons(spec, crowded)
    for seed in range(4):
        chart = MatplotlibBackend().render(spec, np.random.default_rng(seed))
        assert reasons(spec, chart.drawing) == []


def test_a_fixed_size_is_kept_or_the_chart_is_rejected():
    rng = np.random.default_rng(1)
    chart = MatplotlibBackend(size=(640, 480)).render(spec_of(), rng)
    assert chart.drawing.pixels.shape == (480, 640, 3)
    names = tuple(f"A name that is longer than the picture is wide {i}" for i in range(14))
    spec = spec_of(data=Table(names, (Series("", tuple(range(1, 15))),)), type_="pie")
    with pytest.raises(Rejected):
        MatplotlibBackend(size=(240, 240)).render(spec, rng)


def test_drawing_touches_no_pyplot():
    import sys

    spec = spec_of()
    draw(spec, style_of(spec))
    if "matplotlib.pyplot" in sys.modules:
        assert not sys.modules["matplotlib.pyplot"].get_fignums()


def test_every_drawn_type_is_in_the_catalog():
    assert set(module.DRAW) <= set(CATALOG)
    assert len(module.DRAW) >= 25


@pytest.mark.parametrize("values", [(-30.0, -42.0, -12.0), (-30.0, 24.0, 12.0)])
def test_bars_of_a_histogram_below_zero_have_their_heights(values):
    spec = spec_of("histogram", data=Table(("0-5", "5-10", "10-15"), (Series("", values),)))
    for seed in range(2):
        chart = MatplotlibBackend().render(spec, np.random.default_rng(seed))
        heights = [mark.bbox[3] - mark.bbox[1] for mark in chart.drawing.marks]
        assert max(heights) > chart.drawing.pixels.shape[0] / 4
        assert list(chart.truth["values"].values()) == [f"{value:.0f}" for value in values]
