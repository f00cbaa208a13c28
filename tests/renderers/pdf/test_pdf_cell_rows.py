"""Rows of programs in proportional fonts: words in cells of one width, as `listings` sets them."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import pytest

from renderers.pdf.cell_rows import with_words_of_cells
from renderers.pdf.characters import Line

SIZE = 10.0
NARROW = "ijlt.,:;[](){}\\ "
MUPDF_SPACE_EM = 0.16
"""A wider gap is read as a space."""


def advance(character: str) -> float:
    return SIZE * (0.28 if character in NARROW else 0.8 if character in "mw" else 0.45)


def line_of(places: list[tuple[str, float]]) -> Line:
    """A line as it is read from characters at their left edges."""
    text, boxes, end = "", [], places[0][1]
    for character, x in places:
        if x - end > MUPDF_SPACE_EM * SIZE:
            text += " "
            boxes.append((end, 0.0, x, SIZE))
        end = x + advance(character)
        text += character
        boxes.append((x, 0.0, end, SIZE))
    box = (boxes[0][0], 0.0, end, SIZE)
    return Line(text, tuple(boxes), SIZE, 0.8 * SIZE, True, False, box, 0.0, SIZE)


def in_cells(source: str, cell: float = 0.6 * SIZE) -> Line:
    """Each word and each run of signs has the same gap between its characters and at both ends."""
    places, x = [], 100.0

    kinds: list[str] = []
    for character in source:
        kind = "letter" if character.isalpha() else "space" if character == " " else "sign"
        follows = character.isdigit() and kinds and kinds[-1] != "space"
        kinds.append(kinds[-1] if follows else kind)
    for of, pairs in groupby(zip(kinds, source, strict=True), itemgetter(0)):
        run = [character for _, character in pairs]
        gap = (cell * len(run) - sum(map(advance, run))) / (len(run) + 1)
        inside = x
        for character in run:
            inside += gap
            if of != "space":
                places.append((character, inside))
            inside += advance(character)
        x += cell * len(run)
    return line_of(places)


def tracked(source: str, gap: float = 0.12 * SIZE) -> Line:
    """Letter-spaced text: the same gap between all letters, and a wider space."""
    places, x = [], 100.0
    for character in source:
        if character != " ":
            places.append((character, x))
        x += advance(character) + gap
    return line_of(places)


SOURCES = (
    r"\documentclass{article}",
    r"\begin{onecolabstract}",
    r"\include{chapter−1}",
    "if (title == little) return list[i];",
    "for item in filter(tilt, litter): x1 − 4; déjà",
    "...",
    "it is",
)


def test_gaps_inside_words_are_no_spaces() -> None:
    lines = [in_cells(source) for source in SOURCES]
    assert lines[1].text.count(" ") > 10, "the gaps are wide enough to be read as spaces"
    found = with_words_of_cells(lines)
    assert [line.text for line in found] == list(SOURCES)
    assert all(line.monospaced for line in found), "rows of a program are not joined"
    assert all(len(line.text) == len(line.boxes) for line in found)
    (narrow,) = with_words_of_cells([in_cells(SOURCES[1], 0.5 * SIZE)])
    assert narrow.text == SOURCES[1]


@pytest.mark.parametrize(
    "lines",
    [
        [tracked("a title with little letters")],
        [tracked("que vista"), tracked("labitur bonorum pri no")],
        [tracked("INTRODUCTION AND SUMMARY", 0.2 * SIZE)],
        [tracked("it is plain text, as ever.", 0.0)],
        [tracked("lppl .................. 1", 0.25 * SIZE)],
        [in_cells("a b c d e")],
    ],
)
def test_other_text_stays(lines: list[Line]) -> None:
    assert with_words_of_cells(lines) == lines


def test_a_leader_beside_a_program_keeps_its_dots_apart() -> None:
    program, leader = in_cells(SOURCES[0]), tracked("....................", 0.17 * SIZE)
    assert with_words_of_cells([program, leader])[1] == leader
