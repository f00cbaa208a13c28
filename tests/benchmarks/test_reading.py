"""Pure functions of benchmarks/reading.py and reading_scores.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.reading import Row, choose
from benchmarks.reading_scores import (
    gap,
    layout,
    loops,
    neighbours,
    summary,
    table,
    title,
    word_accuracy,
)
from trainer.data.catalog import RowGroup


def line(doc: str, truth: str, answer: str, **changes: Any) -> dict[str, Any]:
    kept = {"what": "page", "configuration": "pages-en", "id": doc, "finished": True}
    return {**kept, "doc": doc, "truth": truth, "answer": answer, **changes}


def rows(documents: dict[str, int]) -> list[Row]:
    group = RowGroup(Path("x.parquet"), 0, 100)
    names = [name for name, count in documents.items() for _ in range(count)]
    return [Row(group, i, name, "page", 100 * i) for i, name in enumerate(names)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("the end " * 40, True),
        ("A beginning, then 13.4%\n" + "13.4%\n" * 20, True),
        ("字" * 100, True),
        ("Contents " + ". " * 200, False),  # a row of dots is no loop
        ("All is well, well, well, well.", False),
        ("", False),
    ],
)
def test_loops(answer: str, expected: bool) -> None:
    assert loops(answer) is expected


def test_word_accuracy_counts_words_and_chinese_characters() -> None:
    assert word_accuracy("one two three four", "one two tree four") == 0.75
    assert word_accuracy("一二三四", "一二五四") == 0.75
    assert word_accuracy("one", "a b c d e f") == 0.0


def test_documents_take_turns() -> None:
    chosen = choose(rows({"large": 50, "small": 2, "other": 5}), 6, np.random.default_rng(0))
    assert sorted(row.document for row in chosen) == sorted(["large", "small", "other"] * 2)
    first = choose(rows({"large": 50, "small": 2}), 10, np.random.default_rng(0))
    assert first == choose(rows({"large": 50, "small": 2}), 10, np.random.default_rng(0))


def test_of_a_document_short_and_long_rows_come_first() -> None:
    chosen = choose(rows({"book": 30}), 3, np.random.default_rng(1))
    assert sorted(row.length // 1000 for row in chosen) == [0, 1, 2]


def test_chance_is_the_answer_to_another_document() -> None:
    assert neighbours(["a", "a", "b", "b"]) == [3, 3, 1, 1]
    assert neighbours(["a", "a"]) == [1, 0]


def test_summary_counts_what_did_not_end() -> None:
    lines = [
        line("a", "one two", "one two"),
        line("b", "three", "the end " * 40, finished=False),
        line("c", "four", "fo", finished=False),
    ]
    found = summary(lines)
    assert (found["exact"], found["unfinished"], found["loops"], found["documents"]) == (1, 2, 1, 3)
    assert found["ned"].low <= found["ned"].mean <= found["ned"].high


def test_gap_is_the_difference_of_words_right() -> None:
    natural = [line(str(i), "a b c d", "a b c d") for i in range(5)]
    scrambled = [line(str(i), "a b c d", "a b x y") for i in range(5)]
    found = gap(natural, scrambled)
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)


def test_table_has_titles_and_gaps() -> None:
    dicts = "{'title': 'Wine', 'source': 'None', 'values': {'a': '1'}}"
    lines = [
        line("a", dicts, dicts, what="chart", configuration="charts-en"),
        line("b", "a b", "a b", configuration="en-natural"),
        line("c", "a b", "a c", configuration="en-scrambled"),
    ]
    text = "\n".join(table(lines))
    assert "charts-en title" in text
    assert "values 1 of 1" in text
    assert "en page guessing gap: 0.500" in text
    assert title(dicts) == "Wine"


def test_layout_is_told_by_the_truth() -> None:
    assert layout("A paragraph of a manual.\nAnother one (2019), page 3.") == "text"
    assert layout("\n".join(f"{i} \\def\\x{{{i}}}%" for i in range(20))) == "listing"
    assert layout("\n".join(f"Chapter {i} " + ". " * 40 + f"{i}" for i in range(5))) == "dots"
