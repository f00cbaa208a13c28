"""Chart dicts: reading them, RMS, RNSS, SCRM by hand, and the faults of public codes."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.evaluation.metrics.chart import ChartDict, Entry, parse_chart, text_score
from trainer.evaluation.metrics.chart_scores import (
    HIGH,
    SLIGHT,
    STRICT,
    RecallByReading,
    Tolerance,
    rms,
    rms_by_reading,
    rnss,
    scrm,
    scrm_exact,
)
from trainer.evaluation.metrics.overlap import Overlap
from trainer.evaluation.metrics.quantity import quantity, relative_error
from trainer.evaluation.tasks import chart_dict


def entries(**values: str) -> tuple[Entry, ...]:
    return tuple(Entry((name,), value) for name, value in values.items())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1,234.50", 1234.5), ("12%", 12), ("3.2万", 32000), ("1.5亿元", 1.5e8), ("−5 °C", -5),
        ("-$5", -5), ("1.5k", 1500), ("106 Ml", 106), ("5 km", 5), ("2 bn", 2e9), (".5", 0.5),
        ("1e3", 1000), ("item-5", 5), ("10-20", None), ("2021-03-05", None), ("n/a", None),
        ("", None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_quantities(text: str, number: float | None) -> None:
    assert quantity(text) == (pytest.approx(number) if number is not None else None)


def test_relative_error_of_zero_and_of_negatives() -> None:
    assert relative_error(0, 0) == 0
    assert relative_error(0, 0.1) == math.inf
    assert relative_error(-4, -3) == 0.25


def test_parsing() -> None:
    python = "{'title': 'A', 'source': 'None', 'values': {'s': {'a': '1', 'b': 2}}}"
    json = '{"title": "A", "source": null, "values": {"s": {"a": "1", "b": "2"}}}'
    expected = ChartDict({"title": "A"}, (Entry(("s", "a"), "1"), Entry(("s", "b"), "2")))
    assert parse_chart(python) == parse_chart(json) == expected
    assert parse_chart(f"```python\n{python}\n```") == expected
    assert parse_chart("{'values': {}}") == ChartDict({}, ())
    assert parse_chart("{'values': ['7']}") == ChartDict({}, (Entry(("1",), "7"),))


@pytest.mark.parametrize(
    "text",
    ["", "a chart", "[1]", "{'values': {'a': '1'", "{'a': open('x')}", "(" * 9999, "[" * 9999,
     "{'values':" * 40 + "1" + "}" * 40, "-" * 99999 + "1", "{'a': '\0'}", "9" * 250_000],
)  # fmt: skip
def test_what_is_no_dict_is_none_and_never_an_error(text: str) -> None:
    parsed = parse_chart(text)
    assert parsed is None or not parsed.entries


def test_texts_by_hand() -> None:
    truth = ChartDict({"title": "Rain", "x_title": "Year"}, ())
    assert text_score(truth, ChartDict({"title": "rain", "x_title": "Years"}, ())) == (1 + 0.8) / 2
    assert text_score(truth, ChartDict({"title": "Rain"}, ())) == 0.5
    # an invented source costs; OneChart's code would not look at it
    more = ChartDict({"title": "Rain", "x_title": "Year", "source": "WHO"}, ())
    assert text_score(truth, more) == pytest.approx(2 / 3)
    assert text_score(ChartDict({}, ()), ChartDict({}, ())) == 1


def test_rms_by_hand() -> None:
    truth = entries(apples="10", pears="20")
    # names: equal, and 1 edit of 6; values: 5 % off, and right
    assert rms(truth, entries(apples="10.5", pearsx="20")) == _Approx(0.95 * 1 + (1 - 1 / 6), 2, 2)
    # 10 % off counts as wrong, so does a name that is more than half wrong
    assert rms(truth, entries(apples="11", xxxxs="20")) == Overlap(0, 0, 0)
    # one of two found, alone: precision 1, recall 1/2, F1 2/3 and not the recall
    assert rms(truth, entries(apples="10")) == Overlap(1, 0.5, 2 / 3)
    # a name that is half wrong counts half; in the public code it counts as wrong
    assert rms(entries(ab="1"), entries(ax="1")) == Overlap(0.5, 0.5, 0.5)
    assert rms(truth, ()) == Overlap(0, 0, 0)  # the public code gives precision 1
    assert rms((), ()) == Overlap(1, 1, 1)
    assert rms(entries(a="0"), entries(a="0.0")) == Overlap(1, 1, 1)
    assert rms(entries(a="high"), entries(a="high")) == Overlap(1, 1, 1)


class _Approx:
    """Precision and recall of a sum, and their F1."""

    def __init__(self, total: float, given: int, expected: int) -> None:
        self.parts = (total / given, total / expected, 2 * total / (given + expected))

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Overlap)
        return (other.precision, other.recall, other.f1) == pytest.approx(self.parts)


def test_rms_of_a_turned_dict() -> None:
    truth = [Entry((s, c), f"{i}{j}") for i, s in enumerate("AB") for j, c in enumerate("xyz")]
    turned = [entry.transposed() for entry in truth]
    assert rms(truth, turned) == Overlap(1, 1, 1)
    assert scrm(truth, turned, STRICT) == 1


def test_rnss_by_hand() -> None:
    # best pairing 10-11 (0.1) and 20-30 (0.5); of three numbers one is left over
    assert rnss(entries(a="10", b="20"), entries(x="30", y="11", z="1000")) == pytest.approx(
        (0.9 + 0.5) / 3
    )
    assert rnss(entries(a="1"), entries(b="1")) == 1  # names do not count
    assert rnss(entries(a="1"), ()) == 0
    assert rnss(entries(a="1", b="2"), entries(a="1")) == 0.5  # DePlot's code: 1
    assert rnss(entries(a="word"), ()) == 1  # no numbers on either side


def test_scrm_by_hand() -> None:
    truth = entries(a="100", b="200", c="300", d="400")
    assert scrm(truth, entries(a="100", b="200", c="300", d="400"), STRICT) == 1
    assert scrm_exact(truth, truth) == 1
    # three of four right and one wrong: IoU 3/5 reaches 0.50, 0.55 and 0.60
    answer = entries(a="100", b="200", c="300", d="9")
    assert scrm(truth, answer, STRICT) == 0.3
    assert scrm_exact(truth, answer) == 0
    # public codes compare with np.arange, whose third value is above 0.6
    assert np.arange(0.5, 1, 0.05)[2] > 3 / 5
    # 5 % off: wrong when strict, right when slight
    near = entries(a="105", b="200", c="300", d="400")
    assert [scrm(truth, near, t) for t in (STRICT, SLIGHT, HIGH)] == [0.3, 1, 1]
    tenth = entries(a="110", b="200", c="300", d="400")
    assert [scrm(truth, tenth, t) for t in (STRICT, SLIGHT, HIGH)] == [0.3, 0.3, 1]


def test_scrm_without_the_faults_of_public_codes() -> None:
    truth = entries(apples="10", pears="-20")
    # names that contain one another are not equal, least of all the empty name
    assert scrm(truth, [Entry(("",), "10"), Entry(("pears",), "-20")], STRICT) == 0
    # nothing passes for a negative truth but what is near it
    assert scrm(entries(loss="-20"), entries(loss="5000"), HIGH) == 0
    # an answer cannot match one entry several times
    names = [Entry((f"apple{i}",), "10") for i in range(3)]
    assert scrm(entries(apples="10"), names, SLIGHT) == 0
    # thousands and magnitudes are read, not deleted
    assert scrm(entries(a="3.2万"), entries(a="32,000"), STRICT) == 1


def iou_by_search(truth: list[Entry], answer: list[Entry], tolerance: Tolerance) -> float:
    """The largest matching by trying all, for names that are equal or far from each other."""

    def best(i: int, free: frozenset[int]) -> int:
        if i == len(truth):
            return 0
        found = best(i + 1, free)
        for j in free:
            expected, given = float(truth[i].value), float(answer[j].value)
            if truth[i].path == answer[j].path and abs(given - expected) <= tolerance.error * abs(
                expected
            ):
                found = max(found, 1 + best(i + 1, free - {j}))
        return found

    matched = best(0, frozenset(range(len(answer))))
    return matched / (len(truth) + len(answer) - matched) if truth or answer else 1.0


NAMES = st.sampled_from(["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"])
ENTRIES = st.lists(
    st.builds(lambda n, v: Entry((n,), str(v)), NAMES, st.integers(-3, 3)), max_size=4
)


@given(ENTRIES, ENTRIES, st.sampled_from([STRICT, SLIGHT, HIGH]))
@settings(deadline=None)
def test_scrm_is_the_best_matching(a: list[Entry], b: list[Entry], tolerance: Tolerance) -> None:
    iou = iou_by_search(a, b, tolerance)
    assert scrm(a, b, tolerance) == sum(iou >= k / 20 - 1e-9 for k in range(10, 20)) / 10


def pairings(a: int, b: int) -> list[list[tuple[int, int]]]:
    """All one-to-one pairings of as many as there are on the smaller side."""
    if a > b:
        return [[(i, j) for j, i in pairs] for pairs in pairings(b, a)]
    return [list(enumerate(chosen)) for chosen in permutations(range(b), a)]


UNIQUE = st.dictionaries(NAMES, st.integers(-3, 3), max_size=3)


@given(UNIQUE, UNIQUE)
@settings(deadline=None)
def test_rms_and_rnss_are_the_formulas_of_deplot(a: dict[str, int], b: dict[str, int]) -> None:
    """Written out over all pairings; the public code computes the same, but for the F1 of charts,
    names that are exactly half wrong,
    and numbers without a partner, which cost nothing there."""
    truth = [Entry((name,), str(value)) for name, value in a.items()]
    answer = [Entry((name,), f"{value}.0") for name, value in b.items()]

    def error(t: Entry, p: Entry) -> float:
        return min(1.0, relative_error(float(t.value), float(p.value)))

    def similar(t: Entry, p: Entry) -> float:
        return float(t.path == p.path) * (1 - error(t, p) if error(t, p) < 0.1 else 0.0)

    if not truth or not answer:
        assert rms(truth, answer).f1 == rnss(truth, answer) == (truth == answer)
        return
    best = max(
        pairings(len(truth), len(answer)),
        key=lambda pairs: sum(truth[i].path == answer[j].path for i, j in pairs),
    )
    total = sum(similar(truth[i], answer[j]) for i, j in best)
    assert rms(truth, answer) == _Approx(total, len(answer), len(truth))
    least = min(
        sum(error(truth[i], answer[j]) for i, j in pairs)
        for pairs in pairings(len(truth), len(answer))
    )
    left_over = abs(len(truth) - len(answer))
    expected = 1 - (least + left_over) / max(len(truth), len(answer))
    assert rnss(truth, answer) == pytest.approx(expected)


@given(ENTRIES, ENTRIES)
@settings(deadline=None)
def test_laws(a: list[Entry], b: list[Entry]) -> None:
    assert rms(a, a) == Overlap(1, 1, 1)
    assert rnss(a, a) == 1
    found = rms(a, b)
    assert 0 <= found.f1 <= 1
    assert 0 <= rnss(a, b) <= 1
    assert scrm(a, b, STRICT) <= scrm(a, b, SLIGHT) <= scrm(a, b, HIGH)
    if found.f1:
        harmonic = 2 / (1 / found.precision + 1 / found.recall)
        assert found.f1 == pytest.approx(harmonic)


def test_a_value_read_off_an_axis_is_right_within_its_step() -> None:
    truth = parse_chart('{"values": {"a": "40 t", "b": "5"}}', {("a",): "20 t"})
    assert truth is not None
    near, far = entries(a="60 t", b="5"), entries(a="61 t", b="5")
    assert rms(truth.entries, near).f1 == 1
    assert rnss(truth.entries, near) == 1
    assert scrm(truth.entries, near, STRICT) == 1
    assert scrm_exact(truth.entries, far) == 0
    assert rms(truth.entries, far).f1 < 1
    # A printed value has no step.
    assert scrm_exact(truth.entries, entries(a="40 t", b="6")) == 0


def test_printed_and_unprinted_values_have_separate_scores() -> None:
    text = '{"values": {"a": "40", "b": "10", "c": "100", "d": "7"}}'
    truth = parse_chart(text, {("a",): "5", ("b",): "5"})
    assert truth is not None
    # a is within its step, b is off by twice its value, c is 5 % off, d is missing
    found = rms_by_reading(truth.entries, entries(a="44", b="30", c="95"))
    assert found.unprinted == pytest.approx((1 + 0) / 2)
    assert found.printed == pytest.approx((0.95 + 0) / 2)
    # a chart that prints all values, and an answer without any
    plain = parse_chart(text)
    assert plain is not None
    assert rms_by_reading(plain.entries, entries(a="40")) == RecallByReading(0.25, None)
    assert rms_by_reading(truth.entries, ()) == RecallByReading(0, 0)
    scores = chart_dict([text], "not a dict", str, {("a",): "5"})
    assert (scores["rms_printed"].value, scores["rms_unprinted"].value) == (0, 0)
    assert "rms_unprinted" not in chart_dict([text], text, str)
