"""Escapes and emphasis as mathpix-markdown-it 2 reads them (checked with the renderer itself)."""

from __future__ import annotations

import pytest

from renderers.latex.blocks import Inline, Paragraph, Text
from renderers.latex.markdown_text import emphasized, escaped
from renderers.latex.mmd import write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In C++ and in C++ we", "In C++ and in C++ we"),
        ("x ++y++ z", r"x \+\+y++ z"),
        ("a == b, ==c==", r"a == b, \=\=c=="),
        ("~~gone~~ H~2~O x^2^", r"\~\~gone\~\~ H\~2\~O x\^2\^"),
        ("[a](b) and [3] (c)", r"[a]&#40;b) and [3] (c\)"),
        ("![c]", r"\![c]"),
        (r"a\b \( x \)", r"a\\b &#92;( x &#92;)"),
        ("(a) (b) (c) (tm) +-", r"(a) (b) (c\) (tm\) +\-"),
        ("AT&T &copy; &#35;", r"AT&T \&copy; \&#35;"),
        ("a_b *c* `d` $5 x<y <b>", r"a\_b \*c\* \`d\` \$5 x\<y \<b>"),
    ],
)
def test_text_is_printed_letter_by_letter(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("before", "text", "after", "expected"),
    [
        ("是", "中文", "的", "**中文**"),
        ("是", "中文（一）", "的", "**中文（一**）"),
        ("是", "“中文”", "的", "“**中文**”"),
        ("是", "中文。", "", "**中文。**"),
        ("是 ", "中文。", " 后", "**中文。**"),
        ("a", ", b.", "c", ", **b**."),
        ("x", r"\$5", "", r"\$**5**"),
        ("x", "。", "y", "。"),
        ("(", "a)", "b", "**a**)"),
        ("", " a ", "", " **a** "),
    ],
)
def test_markers_are_where_they_are_read(before: str, text: str, after: str, expected: str) -> None:
    assert emphasized(text, "**", before, after) == expected


def test_emphasis_next_to_letters_and_formulas() -> None:
    spans = (
        Text("见"),
        Text("定理（一）", bold=True),
        Text("的"),
        Text("注：", italic=True),
        Inline("x"),
    )
    assert write([Paragraph(spans)]) == r"见**定理（一**）的*注：*\(x\)"
