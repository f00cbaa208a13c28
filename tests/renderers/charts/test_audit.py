import numpy as np
import pytest

from renderers.charts.audit import text_flaws
from renderers.charts.drawing import Drawing, DrawnText
from renderers.charts.spec import (
    ChartSpec,
    Node,
    NumberFormat,
    Series,
    Summary,
    Table,
    Tree,
)

PERCENT = NumberFormat(0, suffix="%")
SPEC = ChartSpec(
    "bar",
    "en",
    Table(("Beijing", "New Delhi"), (Series("", (12, 12), PERCENT),)),
    title="Growth",
)


def text(words, role, x, y, **more):
    """A text 8 pixels wide per character, 10 high."""
    return DrawnText(words, (x, y, x + 8 * len(words), y + 10), role, **more)


GOOD = (
    text("Growth", "title", 100, 5),
    text("Beijing", "x_tick", 20, 180),
    text("New\nDelhi", "x_tick", 120, 180),
    text("12%", "value", 30, 60),
    text("12%", "value", 130, 60),
    text("0%", "y_tick", 2, 150),
)


def flaws(texts, spec=SPEC):
    drawing = Drawing(np.zeros((200, 300, 3), np.uint8), tuple(texts))
    return [(flaw.reason, flaw.text) for flaw in text_flaws(spec, drawing)]


def test_a_good_chart_has_no_flaws():
    assert flaws(GOOD) == []


@pytest.mark.parametrize("i", range(5))
def test_every_string_of_the_truth_is_missed(i):
    reasons = flaws(GOOD[:i] + GOOD[i + 1 :])
    assert [reason for reason, _ in reasons] == ["missing"]


def test_a_shortened_label_is_missing():
    assert ("missing", "New Delhi") in flaws(
        (*GOOD[:2], text("New De…", "x_tick", 120, 180), *GOOD[3:])
    )


def test_a_label_beyond_the_picture_is_cut():
    assert flaws((*GOOD[:2], text("New Delhi", "x_tick", 250, 180), *GOOD[3:])) == [
        ("cut", "New Delhi")
    ]


def test_a_label_drawn_twice_is_a_duplicate():
    assert flaws((*GOOD, text("Beijing", "x_tick", 220, 180))) == [("duplicate", "Beijing")]
    assert flaws((*GOOD, text("Growth", "title", 200, 25))) == [("duplicate", "Growth")]


def test_a_value_that_is_not_in_the_truth_is_unexpected():
    assert flaws((*GOOD, text("13%", "value", 220, 60))) == [("unexpected", "13%")]
    assert flaws((*GOOD, text("12%", "value", 220, 60))) == [("unexpected", "12%")]
    assert flaws((*GOOD, text("Source: x", "source", 200, 100))) == [("unexpected", "Source: x")]


def test_overlapping_text():
    assert flaws((*GOOD, text("2%", "y_tick", 45, 60)))[0][0] == "overlap"
    assert flaws((*GOOD, text("2%", "y_tick", 53.95, 60))) == []


def test_a_plate_must_not_cover_another_text():
    def label(y, **more):
        return text("ABC", "note", 220, y, **more)

    assert flaws((*GOOD, label(60), label(74, plate=(217, 71, 247, 87)))) == []
    assert flaws((*GOOD, label(60), label(71, plate=(217, 67, 247, 84))))[0][0] == "overlap"


def test_slanted_text_overlaps_only_where_its_ink_does():
    def slanted(x):
        return DrawnText("Some note", (x, 80, x + 60, 140), "note", angle=45.0, size=10)

    assert flaws((*GOOD, slanted(200), slanted(220))) == []
    assert flaws((*GOOD, slanted(200), slanted(208)))[0][0] == "overlap"


def test_glyph_contrast_and_size():
    assert flaws((*GOOD[1:], text("Growth", "title", 100, 5, missing="G"))) == [("glyph", "Growth")]
    assert flaws((*GOOD[1:], text("Growth", "title", 100, 5, contrast=2.0))) == [
        ("contrast", "Growth")
    ]
    assert flaws((*GOOD[1:], text("Growth", "title", 100, 5, size=6))) == [("small", "Growth")]


@pytest.mark.parametrize("joint", [": ", "\n", " (", "："])
def test_a_name_and_its_value_may_share_a_label(joint):
    spec = ChartSpec("pie", "en", Table(("Tea", "Rice"), (Series("", (40, 60), PERCENT),)))
    end = ")" if "(" in joint else ""
    good = (
        text(f"Tea{joint}40%{end}", "label", 5, 5),
        text(f"Rice{joint}60%{end}", "label", 5, 50),
    )
    assert flaws(good, spec) == []
    wrong = text(f"Tea{joint}60%{end}", "label", 5, 5)
    assert ("unexpected", wrong.text) in flaws((wrong, good[1]), spec)
    assert ("duplicate", "Tea") in flaws((*good, text("Tea", "legend", 200, 5)), spec)


def test_a_minus_is_not_taken_for_a_joint():
    spec = ChartSpec("bar", "en", Table(("Tea",), (Series("", (4,)),)))
    assert ("unexpected", "Tea: -4") in flaws((text("Tea: -4", "label", 5, 5),), spec)


def test_values_of_an_unlabelled_chart_are_unexpected():
    spec = ChartSpec("bar", "en", SPEC.data, title="Growth", labels=False)
    assert flaws(GOOD, spec) == [("unexpected", "12%")] * 2


def test_a_histogram_may_name_the_edges_of_its_bins():
    spec = ChartSpec("histogram", "en", Table(("0-5", "5-10"), (Series("", (3, 4)),)), labels=False)
    ranges = [text("0-5", "x_tick", 5, 180), text("5-10", "x_tick", 60, 180)]
    edges = [text(edge, "x_tick", 5 + 60 * i, 180) for i, edge in enumerate(("0", "5", "10"))]
    assert flaws(ranges, spec) == []
    assert flaws(edges, spec) == []
    assert flaws(edges[:2], spec) == [("missing", "10")]


def test_years_on_both_axes_do_not_confuse_each_other():
    spec = ChartSpec("bar", "en", Table(("10", "20"), (Series("", (3, 4)),)), labels=False)
    texts = [
        text("10", "x_tick", 20, 180),
        text("20", "x_tick", 120, 180),
        text("0", "y_tick", 2, 150),
        text("10", "y_tick", 2, 50),
        text("20", "y_tick", 2, 20),
    ]
    assert flaws(texts, spec) == []


def test_a_dumbbell_prints_the_names_of_its_figures_and_error_bars_one_label():
    data = Summary(("Tea",), ("2019", "2024"), ((3, 5),))
    spec = ChartSpec("dumbbell", "en", data)
    texts = [
        text("Tea", "y_tick", 5, 50),
        text("2019", "legend", 5, 5),
        text("2024", "legend", 60, 5),
        text("3", "value", 60, 50),
        text("5", "value", 120, 50),
    ]
    assert flaws(texts, spec) == []
    assert flaws(texts[:2] + texts[3:], spec) == [("missing", "2024")]
    spec = ChartSpec("error_bar", "en", Summary(("Tea",), ("mean", "error"), ((3, 1),)))
    assert flaws([texts[0], text("3 ± 1", "value", 60, 50)], spec) == []


def test_a_tree_names_every_node():
    tree = Tree((Node("Food", children=(Node("Tea", 3),)), Node("Other", 2)))
    spec = ChartSpec("treemap", "en", tree)
    texts = [
        text("Food", "category", 5, 5),
        text("Tea\n3", "label", 5, 50),
        text("Other", "category", 105, 5),
        text("2", "value", 105, 50),
    ]
    assert flaws(texts, spec) == []
    assert flaws(texts[1:], spec) == [("missing", "Food")]


def test_names_without_a_space_between_them_read_as_one():
    ticks = (text("Lima", "x_tick", 20, 180, size=12.0), text("Oslo", "x_tick", 54, 180, size=12.0))
    spec = ChartSpec("bar", "en", Table(("Lima", "Oslo"), (Series("", (1, 2)),)), labels=False)
    assert flaws(ticks, spec) == [("overlap", "Lima / Oslo")]  # two pixels apart
    apart = (ticks[0], text("Oslo", "x_tick", 56, 180, size=12.0))  # four
    assert flaws(apart, spec) == []
    below = (ticks[0], text("Oslo", "x_tick", 54, 187, size=12.0))  # on the next line
    assert flaws(below, spec) == []
