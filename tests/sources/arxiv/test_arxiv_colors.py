"""Colored and underlined text of sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex.blocks import Paragraph, Text
from vary_data.sources.arxiv import read_document
from vary_data.sources.arxiv.text.colors import color_of, read_colors

FILLER = "This is a paragraph that is here for the language, with the words that are usual."


def test_styles_of_a_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(
        r"\documentclass{article}\definecolor{sea}{HTML}{0050A0}\begin{document}"
        r"One \textcolor{sea}{two \textbf{three}} {\color{red!80!black} four} \underline{five}."
        f"\n\n{FILLER}\\end{{document}}"
    )
    paragraph = read_document(path, "en").document.blocks[0]
    assert isinstance(paragraph, Paragraph)
    sea = (0, 80, 160)
    styled = [span for span in paragraph.spans if isinstance(span, Text) and span.text.strip(" .")]
    assert styled == [
        Text("One "), Text("two", color=sea), Text("three", bold=True, color=sea),
        Text("four", color=(254, 0, 0)), Text("five", underline=True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "name", "expected"),
    [
        (None, "blue!50", (0, 0, 254)),
        (None, "Blue", (0, 0, 254)),
        (None, "black", None),
        (None, "unknown", None),
        (None, "pale", None),
        (None, "broken", None),
        ("rgb", "1,0.5,0", (254, 127, 0)),
        ("RGB", "200,0,0", (200, 0, 0)),
        ("gray", "0.4", (102, 102, 102)),
        ("HTML", "nonsense", None),
        ("rgb", "1,2", None),
    ],
)
def test_names_models_and_mixtures(
    model: str | None, name: str, expected: tuple[int, int, int] | None
) -> None:
    colors = read_colors(r"\definecolor{pale}{rgb}{.9,.9,.8}\definecolor{broken}{rgb}{x,y,z}")
    assert color_of(colors, model, name) == expected
