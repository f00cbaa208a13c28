from __future__ import annotations

from renderers.latex import formula_letters
from renderers.latex.glyphs import Glyph, align


def line(text: str, y: float = 100.0, x: float = 0.0) -> list[Glyph]:
    return [Glyph(c, x + 5.0 * i, x + 5.0 * i + 5, y, 10.0) for i, c in enumerate(text)]


def test_white_space_has_no_glyphs() -> None:
    assert align("a b", line("ab")) == [(0, 1), (2, 3)]


def test_a_hyphen_at_the_end_of_a_line_is_not_in_the_text() -> None:
    glyphs = line("ex-") + line("am", y=112.0)
    assert align("exam", glyphs) == [(0, 1), (1, 2), (2, 2), (2, 3), (3, 4)]


def test_a_hyphen_within_a_line_disagrees() -> None:
    assert align("exam", line("ex-am")) is None


def test_a_missing_or_foreign_letter_disagrees() -> None:
    assert align("exam", line("exm")) is None
    assert align("exam", line("exams")) is None
    assert align("exam", line("exa")) is None


def test_ligatures_are_taken_apart() -> None:
    glyphs = [Glyph("ffi", 0, 10, 0, 10), *line("x", x=10)]
    assert align("ffix", glyphs) == [(0, 3), (3, 4)]


def test_letters_of_formulas() -> None:
    asked = formula_letters.expected
    assert "".join(sorted(asked(r"\frac{a}{b_2}\sin x").elements())) == "2abinsx"
    assert (
        "".join(sorted(asked(r"\begin{array}{cc} u & v \\[2pt] 1 \end{array}").elements())) == "1uv"
    )
    assert "".join(sorted(asked(r"\hspace{2em}\text{若}\alpha").elements())) == "若"


def test_accents_do_not_hide_a_letter() -> None:
    assert formula_letters.drawn(["ã", "∑", "12"]) == formula_letters.expected("a12")
