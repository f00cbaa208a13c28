"""ANLS and relaxed accuracy: by hand, and where the public codes differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.evaluation.metrics.answers import anls, exact_match, relaxed_accuracy


def test_anls_by_hand() -> None:
    assert anls(["Paris"], "paris ") == 1
    assert anls(["kitten"], "sitting") == pytest.approx(1 - 3 / 7)
    assert anls(["abcd"], "abxy") == 0  # NED is 0.5, not below it
    assert anls(["abcde"], "abcxy") == pytest.approx(1 - 2 / 5)
    assert anls(["no", "nothing at all"], "nothing  at\nall") == 1  # the best of all accepted
    assert anls(["x"], "") == 0
    assert anls([""], "") == 1


def test_anls_agrees_with_the_formula_of_pix2struct_but_at_the_threshold() -> None:
    """`1 - d / max if d / max <= 0.5 else 0`: the paper's sign is <."""
    for truth, answer in (("abcd", "abc"), ("12 May", "12 Mai"), ("a", "b")):
        distance = sum(x != y for x, y in zip(truth, answer, strict=False)) + abs(
            len(truth) - len(answer)
        )
        share = distance / max(len(truth), len(answer))
        assert anls([truth], answer) == pytest.approx(1 - share if share <= 0.5 else 0)
    assert anls(["ab"], "ax") == 0  # pix2struct and lmms-eval: 0.5


def test_stray_spaces_do_not_help() -> None:
    """lmms-eval divides by the length of the answer as it came: 1 - 4 / 20 for this one."""
    assert anls(["abcd"], " " * 16 + "wxyz") == 0


@pytest.mark.parametrize(
    ("truth", "answer", "right"),
    [
        ("100", "105", True),
        ("100", "105.01", False),
        ("100", "95", True),
        ("-100", "-104", True),
        ("-100", "100", False),
        ("5%", "0.05", True),  # as in pix2struct
        ("5%", "5", False),
        ("5%", "5.1%", True),
        ("Yes", "yes", True),
        ("Yes", "yes.", False),
        ("2010", "2011", True),  # a year is a number there, too
        # where public codes are wrong
        ("0", "0.0", True),  # they compare text where the truth is zero
        ("0", "0.001", False),
        ("1,234", "1234", True),  # float() refuses separators
        ("nan", "NaN", True),  # float() takes it for a number that equals nothing
        ("Infinity", "inf", False),
        ("", "", True),
        ("3", "", False),
    ],
)
def test_relaxed_accuracy(truth: str, answer: str, right: bool) -> None:
    assert relaxed_accuracy([truth], answer) == right


def test_exact_match_takes_any_accepted_answer() -> None:
    assert exact_match(["a b", "c"], " A  B ") == 1
    assert exact_match(["a b", "c"], "ab") == 0


@given(st.lists(st.text(max_size=8), min_size=1, max_size=3), st.text(max_size=8))
def test_laws(accepted: list[str], answer: str) -> None:
    for metric in (anls, exact_match, relaxed_accuracy):
        assert 0 <= metric(accepted, answer) <= 1
        assert metric([*accepted, answer], answer) == 1
    assert exact_match(accepted, answer) <= anls(accepted, answer)
