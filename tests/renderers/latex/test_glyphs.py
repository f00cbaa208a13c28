from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex import math_commands
from renderers.latex.alignment import Alignment, align, shown_part
from renderers.latex.alphabets import drawable
from renderers.latex.font_glyphs import look, meaning
from renderers.latex.formula_units import units
from renderers.latex.glyphs import read_page


def never(i: int) -> bool:
    return False


def always(i: int) -> bool:
    return True


def test_white_space_has_no_glyphs() -> None:
    assert align("a b", ["a", "b"], never) == Alignment((1,))


def test_a_hyphen_at_the_end_of_a_line_is_not_in_the_text() -> None:
    assert align("an exam", list("anex-am"), lambda i: i == 4) == Alignment((2,), (4,))


def test_a_hyphen_of_the_text_may_end_a_line() -> None:
    assert align("well-known ex", list("well-knownex"), always) == Alignment((10,))


def test_a_hyphen_within_a_line_disagrees() -> None:
    assert align("exam", list("ex-am"), never) is None


def test_a_missing_or_foreign_letter_disagrees() -> None:
    assert align("exam", list("exm"), always) is None
    assert align("exam", list("exams"), always) is None
    assert align("exam", list("exa"), always) is None
    assert align("exam", list("exam-"), always) is None


def test_ligatures_are_decomposed() -> None:
    assert align("ffix at", ["ffi", "x", "a", "t"], never) == Alignment((2,))


def test_a_ligature_over_white_space_disagrees() -> None:
    assert align("of it", ["o", "fi", "t"], never) is None


def test_equivalent_characters_of_unicode_agree() -> None:
    assert align("3 µm", list("3μm"), never) == Alignment((1,))


def test_the_part_that_a_page_shows() -> None:
    text, chars = "an efficient exam ", ["a", "n", "e", "ffi", "ci", "-", *"entexam"]
    aligned = align(text, chars, lambda i: i == 5)
    assert aligned == Alignment((2, 9), (5,))
    assert shown_part(text, chars, aligned.soft, 0, 6) == "an effici-"
    assert shown_part(text, chars, aligned.soft, 6, 13) == "ent exam "


@given(st.lists(st.text("abc", min_size=1), min_size=1), st.data())
def test_words_begin_where_the_text_has_spaces(words: list[str], data: st.DataObject) -> None:
    aligned = align(" ".join(words), list("".join(words)), never)
    assert aligned is not None
    assert [*aligned.words] == np.cumsum([len(word) for word in words]).tolist()[:-1]
    broken = data.draw(st.integers(1, len("".join(words))))
    chars = list("".join(words))
    chars.insert(broken, "-")
    hyphenated = align(" ".join(words), chars, always)
    assert (hyphenated is None) == (broken + 1 == len(chars))


class Trace:
    """The part of a PyMuPDF page that is read."""

    class rect:
        width, height = 100.0, 50.0

    def __init__(self, *spans: tuple[float, Sequence[tuple[str, float]]]) -> None:
        self.spans = spans

    def get_texttrace(self) -> list[dict[str, object]]:
        return [
            {
                "color": (0.0, 0.0, red),
                "font": "CMR10",
                "size": 10.0,
                "chars": [(ord(c), 0, (x, 20.0), (x, 12.0, x + 5, 22.0)) for c, x in chars],
            }
            for red, chars in self.spans
        ]


def read_text(*spans: tuple[float, Sequence[tuple[str, float]]]) -> dict[int, str]:
    glyphs = read_page(Trace(*spans))
    return {number: glyphs.text(number) for number in glyphs.runs}


TAG_STEP = 1 / (400 * 255)


def test_glyphs_of_one_color_tag_are_adjacent() -> None:
    spans = [
        (8 * TAG_STEP, [("a", 0.0)]),
        (9 * TAG_STEP, [("x", 5.0)]),
        (8 * TAG_STEP, [("b", 10.0)]),
    ]
    glyphs = read_page(Trace(*spans))
    assert glyphs.runs == {8: (0, 2), 9: (2, 3)}
    assert glyphs.chars == ["a", "b", "x"]
    assert glyphs.x0.tolist() == [0.0, 10.0, 5.0]
    assert glyphs.x1.tolist() == [5.0, 15.0, 10.0]


def test_a_chinese_glyph_printed_three_times_is_one() -> None:
    bold = [("中", 0.0), ("中", 0.15), ("中", 0.3), ("中", 10.0)]
    assert read_text((8 * TAG_STEP, bold)) == {8: "中中"}
    assert read_text((8 * TAG_STEP, [("l", 0.0), ("l", 0.1)])) == {8: "ll"}


@pytest.mark.parametrize("chars", [[("ˇ", 1.0), ("c", 0.0)], [("c", 0.0), ("ˇ", 1.0)]])
def test_a_letter_and_its_accent_are_one(chars: list[tuple[str, float]]) -> None:
    assert read_text((8 * TAG_STEP, [("a", -5.0), *chars, ("d", 5.0)])) == {8: "ačd"}


def symbols(latex: str) -> list[str]:
    return sorted(unit.latex for unit in units(latex).counts.elements())


def test_units_of_formulas() -> None:
    assert symbols(r"\frac{a}{b_2}\sin x") == sorted(["a", "b", "2", r"\sin", "x"])
    assert symbols(r"\begin{array}{cc} u & v \\[2pt] 1 \end{array}") == ["1", "u", "v"]
    assert symbols(r"\hspace{2em}\phantom{{x}y}\text{若}\alpha") == [r"\alpha", r"\text{若}"]
    assert symbols(r"{\bf x}\mathbf{\hat y}z") == sorted(
        [r"\mathbf{x}", r"\mathbf{y}", r"\hat{x}", "z"]
    )
    assert symbols(r"\boldsymbol{\mathcal A\nabla}") == sorted(
        [r"\boldsymbol{\mathcal{A}}", r"\boldsymbol{\nabla}"]
    )
    assert symbols(r"\sqrt[3]{x}\mkern 3mu k") == sorted(["3", r"\sqrt{x}", "x", "k"])


@pytest.mark.parametrize(
    ("font", "read", "char", "shape", "bold"),
    [
        ("CMMI7", "x", "x", "italic", False),
        ("CMBX10", "Σ", "Σ", "roman", True),
        ("CMSY10", "A", "A", "calligraphic", False),
        ("MSBM10", "R", "R", "blackboard", False),
        ("LMRoman10-BoldItalic", "a", "a", "italic", True),
        ("StandardSymL", "φ", "ϕ", "roman", False),
        ("NimbusRomNo9L-Medi", "é", "e\u0301", "roman", True),
    ],
)
def test_what_a_glyph_means_and_how_it_looks(
    font: str, read: str, char: str, shape: str, bold: bool
) -> None:
    assert meaning(font, read) == char
    drawn = look(font, char[0])
    assert drawn is not None
    assert (drawn.shape, drawn.bold) == (shape, bold)


def test_every_sign_has_its_glyphs() -> None:
    assert math_commands.SIGNS - math_commands.DRAWN.keys() == {
        name for name in math_commands.SIGNS if name.endswith(("space", "quad"))
    }
    assert math_commands.DRAWN.keys() >= math_commands.OPERATORS
    assert {name for name in math_commands.DRAWN if name not in math_commands.KNOWN} == set()


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (r"\mathbf{\alpha}", r"\alpha"),
        (r"\mathbf{x}\mathrm{d}y", r"\mathbf{x}\mathrm{d}y"),
        (r"\mathbf{x_\alpha^2+\hat y}", r"{\mathbf{x}_\alpha^{\mathbf{2}}+\hat {\mathbf{y}}}"),
        (r"{\bf \alpha x}", r"{\alpha \mathbf{x}}"),
        (r"\mathcal{\Gamma A}", r"{\Gamma \mathcal{A}}"),
        (r"\mathbf{\frac{\alpha}{b}\text{ab}}", r"{\frac{\alpha}{\mathbf{b}}\text{ab}}"),
        (r"a^\pmb{x}", r"a^\boldsymbol{x}"),
    ],
)
def test_alphabets_are_moved_to_the_letters_that_they_change(source: str, written: str) -> None:
    assert drawable(source) == written
