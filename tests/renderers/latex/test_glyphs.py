from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex import formula_letters
from renderers.latex.alignment import Alignment, align, shown_part
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


def test_letters_of_formulas() -> None:
    asked = formula_letters.expected
    assert "".join(sorted(asked(r"\frac{a}{b_2}\sin x").elements())) == "2abinsx"
    assert (
        "".join(sorted(asked(r"\begin{array}{cc} u & v \\[2pt] 1 \end{array}").elements())) == "1uv"
    )
    assert "".join(sorted(asked(r"\hspace{2em}\text{若}\alpha").elements())) == "若"


def test_accents_do_not_hide_a_letter() -> None:
    assert formula_letters.drawn(["ã", "∑", "12"]) == formula_letters.expected("a12")
