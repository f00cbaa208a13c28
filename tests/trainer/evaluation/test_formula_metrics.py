"""Formulas: what is the same, what is not; Markdown taken apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainer.evaluation.metrics.formula import formulas_matched, normalized
from trainer.evaluation.metrics.markdown import split_markdown
from trainer.evaluation.metrics.overlap import Overlap


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"x^{2}", "x^2"), (r"x_i^2", r"x^{2}_{i}"), (r"\frac{a}{b}", r"\dfrac ab"),
        (r"\left( x \right)", "(x)"), (r"\left. x \right|", "x|"), (r"a \le b", r"a\leq b"),
        (r"f^{\prime}", "f'"), (r"f^{\prime\prime}", "f''"), (r"a\, b\quad c~d", "abcd"),
        (r"\( a \)", "$a$"), (r"\[ a \]", "a"), (r"{{x}}", "x"), (r"\bigl( x \bigr)", "(x)"),
        (r"\operatorname{rank} A", r"\mathrm{rank} A"),
        (r"\displaystyle \sum\limits_{i}", r"\sum_i"),
        (r"x^{a_{1}^{2}}", r"x^{a^2_1}"), (r"\|x\|", r"\lVert x \rVert"),
    ],
)  # fmt: skip
def test_the_same_formula_typed_twice(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("x^2", "x_2"), (r"x^{12}", "x^12"), (r"\frac{a}{b}", r"\frac{b}{a}"), ("a+b", "b+a"),
     (r"\mathbf{x}", "x"), (r"\alpha", "a"), (r"\{a\}", "a"), ("", "x"), ("x'", "x^*")],
)  # fmt: skip
def test_different_formulas(one: str, other: str) -> None:
    assert normalized(one) != normalized(other)


@given(st.text(alphabet=r"ab{}^_\ '~.(", max_size=25))
@example("^^'")
def test_normalizing_always_ends_and_is_stable(latex: str) -> None:
    tokens = normalized(latex)
    assert normalized(" ".join(tokens)) == tokens


def test_deep_groups() -> None:
    assert normalized("{" * 50_000 + "x") == normalized("{" * 50_000 + "x")


def test_formulas_of_a_page() -> None:
    truth, answer = [r"\(a\)", r"\(b^{2}\)", r"\(a\)"], ["$b^2$", "$a$", "$c$", "$d$"]
    assert formulas_matched(truth, answer) == Overlap(2 / 4, 2 / 3, 4 / 7)


def test_taking_a_page_apart() -> None:
    page = (
        "# Head\n\nText \\(a\\) with \\$5.\n\n\\[\nb \\tag{1}\n\\]\n\n"
        "\\begin{align*}\nc &= d\n\\end{align*}\n\n"
        "\\begin{tabular}{l}\n\\(in\\) \\\\\n\\end{tabular}\n\nEnd."
    )
    parts = split_markdown(page)
    assert parts.formulas == (
        r"\(a\)", "\\[\nb \\tag{1}\n\\]", "\\begin{align*}\nc &= d\n\\end{align*}",
    )  # fmt: skip
    assert parts.tables == ("\\begin{tabular}{l}\n\\(in\\) \\\\\n\\end{tabular}",)
    assert parts.text.split() == ["#", "Head", "Text", "with", "\\$5.", "End."]


def test_dollars_only_where_asked_for() -> None:
    text = "costs $5 and $6, but $x_1$ and $$y\n=z$$ are formulas"
    assert split_markdown(text).formulas == ()
    assert split_markdown(text, dollars=True).formulas == ("$x_1$", "$$y\n=z$$")


def test_a_formula_that_is_never_closed_takes_nothing_along() -> None:
    text = "one \\(a, two \\(b\\) three \\[ c\n\nfour \\[ d \\] five"
    parts = split_markdown(text)
    assert parts.formulas == ("\\(b\\)", "\\[ d \\]")
    assert parts.text.split() == ["one", "\\(a,", "two", "three", "\\[", "c", "four", "five"]
    many = "\\( x " * 20_000
    start = time.process_time()
    assert split_markdown(many).formulas == ()
    assert time.process_time() - start < 10
