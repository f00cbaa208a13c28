"""Makes unit tests from a row: what its truth states, where, and what it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from renderers.roles import FORMULA, PAGE_FOOTER, PAGE_HEADER, TABLE
from vary_data.base.literals import literal
from vary_data.base.seed import stable_hash
from vary_data.dataset.region_tree import blocks, cells
from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.row_table import table_at
from vary_data.targets.tables.table import Table, TableCell
from vary_data.unit_tests.run import Answer, passes
from vary_data.unit_tests.search import ends, normalized
from vary_data.unit_tests.unit_test import UnitTest

WORDS = (4, 9)
"""Words of a piece of text; of Chinese characters twice as many."""
LETTERS_PER_DIFFERENCE = 20
"""A piece may have one wrong character for so many of its own."""
MIN_LETTERS = 6
"""Shorter pieces occur anywhere."""
SHARES = {"present": 0.3, "absent": 0.25, "order": 0.25, "table": 0.1, "math": 0.1}
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKUP = re.compile(r"[$\\|*_<`]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a test asks for."""

    fields: Mapping[str, Any]
    max_diffs: int = 0


def unit_tests(
    row: Mapping[str, Any], truth: str, pdf: str, count: int = 40, seed: int = 0
) -> list[UnitTest]:
    """Up to `count` tests of a row, all of which its truth passes; the same for the same row.

    Args:
        row: With `id`, `lang`, `regions` and `format`.
        truth: The right answer: its text in Markdown, or the dict of a chart.
        pdf: The name of its picture as a PDF.
        count: Types take turns, by `SHARES`, as long as they have facts.
        seed: Of the choice.
    """
    key = stable_hash("unit tests", seed, row["id"], bits=128)
    rng = np.random.Generator(np.random.Philox(key=key))
    answer = Answer(truth)
    drafts = _chart(truth) if row["format"] == "dict" else _page(row, answer, rng)
    seen: set[str] = set()

    def right(kind: str, found: Iterable[Draft]) -> Iterator[UnitTest]:
        """Those of them that the truth passes, each once."""
        for draft in found:
            name = f"{row['id']}-{kind}-{len(seen):03d}"
            test = UnitTest(pdf, name, kind, draft.fields, draft.max_diffs)
            content = json.dumps([kind, draft.fields], sort_keys=True)
            if content not in seen and passes(test, answer):
                seen.add(content)
                yield test

    checked = {kind: right(kind, found) for kind, found in drafts.items()}
    chosen: list[UnitTest] = []
    for kind, tests in checked.items():
        chosen += islice(tests, round(count * SHARES.get(kind, 1.0)))
    for tests in checked.values():
        chosen += islice(tests, count - len(chosen))
    return chosen


def _page(
    row: Mapping[str, Any], answer: Answer, rng: np.random.Generator
) -> dict[str, Iterator[Draft]]:
    regions = row["regions"]
    places = blocks(regions)
    formulas = [regions[i]["text"] for i in places if regions[i]["role"] == FORMULA]
    pieces = list(_pieces(regions, places, rng))
    return {
        "baseline": iter([Draft({})]),
        "math": (Draft({"math": bare_formula(text)}) for text in formulas if text.strip()),
        "table": _table_tests(regions, places, rng),
        "order": _order_tests(pieces, answer, rng),
        "absent": _absent_tests(regions, places, pieces, answer, rng),
        "present": (Draft({"text": text}, _differences(text)) for _, text in pieces),
    }


def _pieces(
    regions: Sequence[Mapping[str, Any]], places: Sequence[int], rng: np.random.Generator
) -> Iterator[tuple[int, str]]:
    """Pieces of running text, each with the place of its block, in random order; none twice."""
    found = []
    for place, index in enumerate(places):
        region = regions[index]
        if region["role"] in (PAGE_HEADER, PAGE_FOOTER, TABLE, FORMULA):
            continue
        text = region["text"]
        tokens = list(_TOKEN.finditer(text))
        start = 0
        while start < len(tokens):
            size = int(rng.integers(*WORDS))
            if tokens[start:] and _HAN.match(tokens[start][0]):
                size *= 2
            part = tokens[start : start + size]
            start += size
            piece = text[part[0].start() : part[-1].end()]
            if len(piece) >= MIN_LETTERS and not _MARKUP.search(piece):
                found.append((place, piece))
    order = rng.permutation(len(found))
    yield from (found[i] for i in order)


def _differences(text: str) -> int:
    return len(text) // LETTERS_PER_DIFFERENCE


def _order_tests(
    pieces: Sequence[tuple[int, str]], answer: Answer, rng: np.random.Generator
) -> Iterator[Draft]:
    """Pairs of pieces of different blocks, each of which occurs once."""
    once = [
        (place, text) for place, text in pieces if len(ends(normalized(text), answer.plain, 0)) == 1
    ]
    by_place = sorted(once, key=lambda piece: piece[0])
    for _ in range(4 * len(once)):
        if len(by_place) < 2:
            return
        i, j = sorted(int(k) for k in rng.choice(len(by_place), 2, replace=False))
        if by_place[i][0] < by_place[j][0]:
            before, after = by_place[i][1], by_place[j][1]
            yield Draft({"before": before, "after": after})


def _absent_tests(
    regions: Sequence[Mapping[str, Any]],
    places: Sequence[int],
    pieces: Sequence[tuple[int, str]],
    answer: Answer,
    rng: np.random.Generator,
) -> Iterator[Draft]:
    """Running heads and feet that the truth leaves out, then pieces that a guesser would write:
    with two words exchanged or another digit."""
    for index in places:
        if regions[index]["role"] in (PAGE_HEADER, PAGE_FOOTER):
            text = regions[index]["text"].strip()
            if len(text) >= MIN_LETTERS and not ends(normalized(text), answer.plain, 0):
                yield Draft({"text": text})
    for _, text in pieces:
        changed = _changed(text, rng)
        if changed is not None and not ends(normalized(changed), answer.plain, 0):
            yield Draft({"text": changed})


def _changed(text: str, rng: np.random.Generator) -> str | None:
    """The piece with another digit, or with two neighbors of different form exchanged."""
    digits = [m.start() for m in _DIGIT.finditer(text)]
    if digits:
        at = digits[int(rng.integers(len(digits)))]
        other = (int(text[at]) + int(rng.integers(1, 10))) % 10
        return f"{text[:at]}{other}{text[at + 1 :]}"
    tokens = list(_TOKEN.finditer(text))
    if len(tokens) < 2:
        return None
    i = int(rng.integers(len(tokens) - 1))
    first, second = tokens[i], tokens[i + 1]
    if first[0].casefold() == second[0].casefold():
        return None
    between = text[first.end() : second.start()]
    return f"{text[: first.start()]}{second[0]}{between}{first[0]}{text[second.end() :]}"


def _table_tests(
    regions: Sequence[Mapping[str, Any]], places: Sequence[int], rng: np.random.Generator
) -> Iterator[Draft]:
    """Cells with a text that no other cell of their table has, and neighbors that have one."""
    tables = []
    for index in places:
        if regions[index]["role"] == TABLE and cells(regions, index):
            try:
                tables.append(table_at(regions, index))
            except Rejected:
                continue
    found = [(table, cell) for table in tables for cell in _distinct(table)]
    for i in rng.permutation(len(found)):
        fields = _described(*found[int(i)], rng)
        if len(fields) > 1:
            yield Draft(fields)


def _distinct(table: Table) -> Iterator[TableCell]:
    texts = [normalized(cell.text) for cell in table.cells]
    for cell, text in zip(table.cells, texts, strict=True):
        if _is_plain(cell) and texts.count(text) == 1:
            yield cell


def _is_plain(cell: TableCell) -> bool:
    """Whether every reader gives the cell the same text: no span, no formula, not empty."""
    return bool(cell.text) and cell.rowspan == cell.colspan == 1 and not _MARKUP.search(cell.text)


def _described(table: Table, cell: TableCell, rng: np.random.Generator) -> dict[str, str]:
    """The cell and one or two of its neighbors or headings."""
    grid, (r, c) = table.grid(), (cell.row, cell.column)
    near = {"up": (r - 1, c), "down": (r + 1, c), "left": (r, c - 1), "right": (r, c + 1)}
    if r > 1:
        near["top_heading"] = (0, c)
    if c > 1:
        near["left_heading"] = (r, 0)
    names = []
    for name, (row, column) in near.items():
        inside = 0 <= row < table.rows and 0 <= column < table.columns
        if inside and _is_plain(grid[row][column]):
            names.append(name)
    if not names:
        return {"cell": cell.text}
    size = min(len(names), int(rng.integers(1, 3)))
    chosen = rng.choice(names, size, replace=False)
    return {"cell": cell.text} | {n: grid[near[n][0]][near[n][1]].text for n in map(str, chosen)}


def bare_formula(text: str) -> str:
    """A formula without the delimiters and environments around it."""
    text = text.strip()
    for start, end in (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$")):
        if text.startswith(start) and text.endswith(end) and len(text) > len(start + end):
            return text[len(start) : -len(end)].strip()
    return text


def _chart(truth: str) -> dict[str, Iterator[Draft]]:
    """Every value of a chart's dict at its path."""
    try:
        chart = literal(truth)
    except ValueError:
        return {}
    return {"fact": (Draft({"path": p, "value": v}) for p, v in _values(chart, []))}


def _values(place: Any, path: list[str]) -> Iterator[tuple[list[str], str]]:
    if isinstance(place, Mapping):
        for name, below in place.items():
            yield from _values(below, [*path, str(name)])
    elif isinstance(place, str):
        yield path, place
