"""Unit tests as scores of an evaluation, and as rewards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.tools.written_rows import write_rows
from tests.unit_tests.test_unit_tests import SENTENCES, chart, page
from trainer.cli import group
from trainer.errors import DataError
from trainer.evaluation.unit_tests import open_unit_tests, score_unit_tests
from trainer.rewards import edit_reward, unit_test_reward
from vary_data.dataset.reader import Dataset
from vary_data.unit_tests.write import write_unit_tests

TRUTH = " ".join(SENTENCES)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rewards")
    regions = [{"bbox": [0.0, 0.0, 32.0, 24.0], **region} for region in page()[0]["regions"][1:5]]
    rows = [{"text": TRUTH, "regions": regions}, {"text": TRUTH[::-1], "regions": []},
            {"text": chart()[1], "format": "dict", "kind": "chart", "regions": []}]  # fmt: skip
    write_rows(folder / "out", "rows", rows, splits={"test": 1.0})
    write_unit_tests(list(Dataset.open(folder / "out").configs), folder / "tests")
    return folder


def rows(out: Path) -> dict[str, str]:
    return {row["id"]: row["text"] for row in Dataset.open(out / "out").config("rows").rows()}


def test_rewards_rank_answers(out: Path) -> None:
    first, _, of_chart = rows(out)
    reward = unit_test_reward(out / "tests")
    assert reward.__name__ == "unit_tests"
    answers = [
        TRUTH,
        TRUTH.replace(SENTENCES[2], ""),
        "Nothing to see here.",
        "",
        TRUTH + "x " * 90,
    ]
    found = reward(completions=answers, id=[first] * 5, prompts=[], other=[1])
    assert found[0] == 1.0
    assert 1.0 > found[1] > found[2] > 0.0
    assert found[3] == found[4] == 0.0, "an empty answer and a loop"
    said = [{"role": "assistant", "content": [{"type": "text", "text": chart()[1]}]}]
    assert reward(completions=[said], id=[of_chart]) == [1.0]
    assert reward(completions=[[{"role": "assistant", "content": "{}"}]], id=[of_chart]) == [0.0]
    assert edit_reward(["abcd", "abxx"], text=["abcd", "abcd"]) == [1.0, 0.5]


def test_scores_by_type(out: Path) -> None:
    tests = open_unit_tests(out / "tests")
    scores = score_unit_tests(tests, rows(out))
    assert scores.overall == 1.0
    assert scores.unanswered == 0
    assert score_unit_tests(tests, {}).unanswered == len(tests)
    assert "fact" in scores.table()
    assert max(map(len, scores.table().splitlines())) < 80
    with pytest.raises(DataError, match="has no unit tests"):
        open_unit_tests(out)


def test_evaluate_prints_them(out: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    lines = [json.dumps({"id": name, "answer": text}) for name, text in rows(out).items()]
    answers.write_text("\n".join(lines), encoding="utf-8")
    words = ["evaluate", "-d", out / "out", "-p", answers, "-o", tmp_path / "e", "--draws", 20,
             "--unit-tests", out / "tests"]  # fmt: skip
    done = CliRunner().invoke(group, list(map(str, words)))
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].split() == ["mean", "1.000"]
    assert json.loads((tmp_path / "e" / "unit_tests.json").read_text())["overall"] == 1.0
