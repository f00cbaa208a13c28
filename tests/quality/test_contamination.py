"""Overlap of a test set with a dataset, compared with counts by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.written_rows import write_rows
from vary_data.cli.contamination import command
from vary_data.quality.contamination import TestIndex

HAN = "".join(chr(0x4E00 + i) for i in range(400))


def words(start: int, count: int) -> str:
    return " ".join(f"w{i}" for i in range(start, start + count))


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("contamination")
    test, out = folder / "test", folder / "out"
    english = [
        {"text": words(0, 100), "doc": "copied"},
        {"text": words(1000, 100), "doc": "a"},
        {"text": words(2000, 100), "doc": "b"},
        {"text": "Chapter one", "doc": "c"},
        {"text": "a short text of seven words, whole", "doc": "d"},
    ]
    write_rows(test, "pages-en", english, splits={"test": 1.0})
    chinese = [{"text": HAN[:40], "doc": "e", "lang": "zh"}, {"text": HAN[100:140], "doc": "f"}]
    write_rows(test, "pages-zh", chinese, lang="zh", splits={"test": 1.0})
    seen = [
        {"text": words(0, 100).upper().replace(" ", ",\n"), "doc": "copied"},
        {"text": f"before {words(1000, 13)} after, and {words(1050, 20)}", "doc": "x"},
        {"text": f"twelve are too few: {words(2000, 12)}", "doc": "y"},
        {"text": "A short text – of seven words; whole!", "doc": "z"},
        {"text": "Chapter one", "doc": "z2"},
    ]
    write_rows(out, "corpus", seen)
    write_rows(
        out, "corpus-zh", [{"text": f"前{HAN[:13]}，{HAN[13:20]}后"}, {"text": HAN[100:112]}]
    )
    return out, test


def run(out: Path, test: Path, *arguments: Any) -> Result:
    return CliRunner().invoke(
        command, [str(out), "--against", str(test), *map(str, arguments)], catch_exceptions=False
    )


def test_shares_by_sample_and_configuration(sets: tuple[Path, Path]) -> None:
    facts = json.loads(run(*sets, "--json").stdout)
    assert facts["groups"]["pages-en"] == {
        "samples": 5,
        "compared": 4,  # `Chapter one` is too short to mean anything
        "any": 3,
        "touched": 3,
        "mostly": 2,
    }
    assert facts["groups"]["pages-zh"] == {
        "samples": 2,
        "compared": 2,
        "any": 1,
        "touched": 1,
        "mostly": 0,
    }
    assert facts["dataset"] == {
        "corpus": {"rows": 5, "sharing": 3},
        "corpus-zh": {"rows": 2, "sharing": 1},
    }
    assert facts["documents"] == ["copied"]
    assert facts["share"] == pytest.approx(4 / 6)
    samples = {s["id"]: (s["share"], s["nearest"], s["nearest_share"]) for s in facts["samples"]}
    assert samples == {
        "pages-en-0000": (1.0, "corpus-0000", 1.0),
        # 13 and 20 words of 100; 1 and 8 of its 88 runs.
        "pages-en-0001": (0.33, "corpus-0001", round(9 / 88, 4)),
        "pages-en-0004": (1.0, "corpus-0003", 1.0),
        # 20 characters of 40; a comma between them does not count: 8 of 28 runs.
        "pages-zh-0000": (0.5, "corpus-zh-0000", round(8 / 28, 4)),
    }


def test_an_example_is_the_longest_stretch(sets: tuple[Path, Path]) -> None:
    facts = json.loads(run(*sets, "--json").stdout)
    examples = {s["id"]: s["example"] for s in facts["samples"]}
    assert examples["pages-en-0001"] == words(1050, 20)
    assert examples["pages-zh-0000"] == HAN[:20]


def test_report_terminal_and_exit_code(sets: tuple[Path, Path], tmp_path: Path) -> None:
    result = run(*sets, "--report", tmp_path / "r.json", "--worst", 1, "--max-share", 0.5)
    assert result.exit_code == 3
    assert "66.7% of the compared samples have 20 % of their words" in result.output
    assert "pages-en-0000" in result.output
    assert "pages-en-0001" not in result.output
    assert len(json.loads((tmp_path / "r.json").read_text())["samples"]) == 4
    assert run(*sets, "--max-share", 0.7).exit_code == 0
    assert json.loads(run(*sets, "--json", "--run", 12).stdout)["groups"]["pages-en"]["any"] == 4


def test_a_split_alone(sets: tuple[Path, Path]) -> None:
    facts = json.loads(run(*sets, "--json", "--split", "validation").stdout)
    assert (facts["dataset"], facts["share"], facts["samples"]) == ({}, 0.0, [])


def row(number: int, text: str) -> tuple[str, dict[str, Any]]:
    facts = {"id": str(number), "doc_id": str(number), "lang": "en", "messages": []}
    return "test", {**facts, "text": text, "format": "plain"}


@given(
    st.lists(st.lists(st.sampled_from("abcde"), min_size=5, max_size=25), max_size=5),
    st.lists(st.sampled_from("abcde"), min_size=5, max_size=40),
)
def test_coverage_is_that_of_comparing_all_runs(test: list[list[str]], text: list[str]) -> None:
    from vary_data.quality.grams import GramHasher

    index = TestIndex.of((row(i, " ".join(words)) for i, words in enumerate(test)), 6)
    places = index.find(GramHasher(6)(text))
    seen = np.zeros(len(index.runs), bool)
    seen[places[places >= 0]] = True

    def runs(of: list[str]) -> list[tuple[str, ...]]:
        return [tuple(of[i : i + 6]) for i in range(max(1, len(of) - 5))]

    known = set(runs(text))
    for number, words_ in enumerate(test):
        expected = [False] * len(words_)
        for start, one in enumerate(runs(words_)):
            if one in known:
                expected[start : start + len(one)] = [True] * len(one)
        assert index.covered(number, seen).tolist() == expected
