"""`vary-train evaluate`: values worked by hand, clear errors, resuming, several processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import astuple
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tests.trainer.drawn_charts import message, row, write
from tests.trainer.evaluation.made_data import STORIES
from trainer.cli import group
from trainer.errors import RunError, TrainerError
from trainer.evaluation import bootstrap
from trainer.evaluation.answers import Journal
from trainer.evaluation.bootstrap import Estimate, estimate
from trainer.evaluation.example import open_examples
from trainer.evaluation.scoring import groups, score

CHART = "{'title': 'Rain', 'source': 'None', 'values': {'May': '10', 'June': '20'}}"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(group, ["evaluate", *map(str, arguments)])


def predictions(path: Path, answers: Mapping[str, str]) -> Path:
    lines = (json.dumps({"id": i, "answer": a}, ensure_ascii=False) for i, a in answers.items())
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def means(out: Path, kind: str, lang: str = "en", subset: str = "") -> dict[str, float]:
    summary = json.loads((out / "scores.json").read_text())
    (found,) = [
        g for g in summary["groups"]
        if (g["kind"], g["lang"]) == (kind, lang) and (not subset or g["subset"] == subset)
    ]  # fmt: skip
    return {name: metric["mean"] for name, metric in found["metrics"].items()}


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """A test set whose scores can be worked out on paper."""
    folder = tmp_path / "set"
    write(folder, "pages-en", [
        row("e1", "the cat sat", kind="page", doc_id="d1"),
        row("e2", "on the\nmat", kind="page", doc_id="d2"),
    ], split="test")  # fmt: skip
    write(folder, "pages-zh", [row("z1", "今天天气很好", kind="page", lang="zh")], split="test")
    write(folder, "charts", [row("c1", CHART, format="dict")], split="test")
    asked = [message("user", "When?", image=True), message("assistant", "May 4")]
    meta = [
        {"answers": ["May 4", "4 May"]},
        {"answers": ["100"], "part": "human"},
        {"answers": ["Yes"], "part": "augmented"},
    ]
    vqa = [
        row(f"q{i}", "May 4", kind="vqa", messages=asked, meta=json.dumps(m))
        for i, m in enumerate(meta)
    ]
    write(folder, "vqa", vqa, split="test")
    return folder


def test_values_worked_by_hand(by_hand: Path, tmp_path: Path) -> None:
    answers = predictions(tmp_path / "answers.jsonl", {
        "e1": "the bat sat",  # 1 of 11 characters, 2 of 3 words
        # e2 has no answer: 10 characters and 3 words are lost
        "z1": "今天天氣很好",  # 1 of 6 characters
        "c1": "{'title': 'Rain', 'values': {'May': '10.5', 'June': '20', 'July': '30'}}",
        "q0": "4 may", "q1": "104", "q2": "no",
        "stranger": "hello",
    })  # fmt: skip
    out = tmp_path / "out"
    result = run("-d", by_hand, "-p", answers, "-o", out)
    assert result.exception is None, result.exception
    english = means(out, "page")
    assert english["ned"] == pytest.approx((1 / 11 + 1) / 2)
    assert english["ned_pooled"] == pytest.approx((1 + 10) / (11 + 10))
    assert english["cer"] == pytest.approx((1 + 10) / (11 + 10))
    assert english["precision"] == english["recall"] == pytest.approx((2 / 3 + 0) / 2)
    assert english["char_recall"] == pytest.approx((8 / 9 + 0) / 2)
    assert means(out, "page", "zh")["ned"] == pytest.approx(1 / 6)
    chart = means(out, "chart")
    assert chart["rms_precision"] == pytest.approx((0.95 + 1) / 3)
    assert chart["rms_recall"] == pytest.approx((0.95 + 1) / 2)
    assert chart["rms_f1"] == pytest.approx(2 * 1.95 / 5)
    assert chart["scrm_strict"] == 0  # IoU 1/4
    assert chart["scrm_slight"] == 0.4  # IoU 2/3 reaches .50, .55, .60, .65
    assert (chart["texts"], chart["parsed"]) == (1, 1)
    assert means(out, "vqa", subset="vqa")["anls"] == 1
    assert means(out, "vqa", subset="vqa/human")["relaxed_accuracy"] == 1
    assert means(out, "vqa", subset="vqa/human")["exact_match"] == 0
    assert means(out, "vqa", subset="all")["relaxed_accuracy"] == pytest.approx(2 / 3)
    assert "without an answer, counted as empty: 1 (e2)" in result.output
    assert "answers to ids that are not in the test set: 1 (stranger)" in result.output
    samples = [json.loads(line) for line in (out / "samples.jsonl").read_text().splitlines()]
    assert len(samples) == 7
    assert {s["id"]: s["answer"] for s in samples}["e2"] == ""


def test_only_some_tasks(by_hand: Path, tmp_path: Path) -> None:
    answers = predictions(tmp_path / "a.jsonl", {"z1": "今天天气很好", "e1": "of another task"})
    out = tmp_path / "out"
    assert run("-d", by_hand, "-p", answers, "-o", out, "-t", "pages-zh").exception is None
    assert json.loads((out / "scores.json").read_text())["notes"] == []
    assert means(out, "page", "zh")["f1"] == 1
    assert run("-d", by_hand, "-p", answers, "-o", out, "-t", "page,vqa").exception is None
    found = json.loads((out / "scores.json").read_text())["groups"]
    assert {g["kind"] for g in found} == {"page", "vqa"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "a.jsonl, line 1 is not JSON (Expecting property name"),
        ("[" * 9999, "a.jsonl, line 1 is not JSON (the nesting is too deep); expected"),
        ('{"id": "e1", "answer": "\\ud800"}', "line 1 is not JSON (a text has half of a"),
        ('{"id": "e1\u2028", "answer": 5}', "line 1: 'answer' is not a string"),
        ('\n["id"]', "a.jsonl, line 2 is not a JSON object"),
        ('{"id": "e1"}', "line 1: 'answer' is not a string"),
        ('{"id": 7, "answer": ""}', "line 1: 'id' is not a string"),
        ('{"id": "e1", "answer": "a"}\n{"id": "e1", "answer": "b"}',
         "line 2: 'e1' has another answer before"),
        ('{"id": "x", "answer": "a"}', "none of the 1 answered ids is in the test set"),
    ],
)  # fmt: skip
def test_errors_in_answers_are_one_clear_line(
    by_hand: Path, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    result = run("-d", by_hand, "-p", tmp_path / "a.jsonl", "-o", tmp_path / "out")
    assert isinstance(result.exception, TrainerError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


def test_other_errors_are_one_clear_line(by_hand: Path, tmp_path: Path) -> None:
    answers = predictions(tmp_path / "a.jsonl", {"e1": ""})
    for arguments, expected in (
        (["-d", by_hand], "nothing to score"),
        (["-d", by_hand, "-p", answers, "-m", "x"], "nothing to score"),
        (["-p", answers], "no dataset given"),
        (["-d", "mixture.yaml", "-p", answers], "mixture.yaml is not a test set"),
        (["-d", tmp_path / "none", "-p", answers], "is not a dataset folder"),
        (["-d", by_hand, "-p", answers, "-t", "pagse-en"], "did you mean 'pages-en'?"),
        (["-d", by_hand, "-p", answers, "--split", "valid"], "no Parquet files of split 'valid'"),
        (["-d", by_hand, "-p", tmp_path / "none.jsonl"], "cannot be read (No such file"),
        (["-d", by_hand, "-m", tmp_path], "holds no model"),
    ):
        result = run(*arguments, "-o", tmp_path / "out")
        assert isinstance(result.exception, TrainerError), result.output
        assert expected in str(result.exception)
        assert "\n" not in str(result.exception)


def test_a_truth_that_cannot_be_scored_is_named(tmp_path: Path) -> None:
    write(tmp_path, "charts", [row("c1", "no dict", format="dict")], split="test")
    answers = predictions(tmp_path / "a.jsonl", {"c1": ""})
    result = run("-d", tmp_path, "-p", answers, "-o", tmp_path / "out")
    assert "the truth of c1 cannot be scored (not a chart dict)" in str(result.exception)


def test_one_id_for_two_questions_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path, name, [row("same", name, kind="page")], split="test")
    answers = predictions(tmp_path / "a.jsonl", {"same": ""})
    result = run("-d", tmp_path, "-p", answers, "-o", tmp_path / "out")
    assert "two questions have the id 'same'" in str(result.exception)
    assert run("-d", tmp_path, "-p", answers, "-o", tmp_path / "out", "-t", "one").exception is None


def test_scoring_others_answers_loads_no_torch(by_hand: Path, tmp_path: Path) -> None:
    answers = predictions(tmp_path / "a.jsonl", {"e1": "the cat sat"})
    code = (
        "import sys; from trainer.cli import group; "
        f"group(['evaluate', '-d', {str(by_hand)!r}, '-p', {str(answers)!r}, "
        f"'-o', {str(tmp_path / 'out')!r}], standalone_mode=False); "
        "print(sorted({'torch', 'transformers', 'datasets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("lang", "pages", "seconds"),
    [
        ("en", 50, 6),
        ("zh", 50, 9),
        pytest.param("en", 1000, 40, marks=pytest.mark.slow),
        pytest.param("zh", 1000, 60, marks=pytest.mark.slow),
    ],
)
def test_long_pages_score_in_seconds(lang: str, pages: int, seconds: float, tmp_path: Path) -> None:
    """Pages of 4,000 characters with an error in every hundred, all metrics and intervals: some
    7 ms of CPU for an English page, 15 for a Chinese one."""
    rng = np.random.default_rng(0)
    stock = " ".join(STORIES[lang]).split(" " if lang == "en" else "，")
    joint = " " if lang == "en" else "，"
    rows, answers = [], {}
    for i in range(pages):
        text = joint.join(stock[j] for j in rng.integers(0, len(stock), 1500))[:4000]
        rows.append(row(f"p{i}", text, kind="page", lang=lang, image=None))
        broken = list(text)
        for j in rng.integers(0, len(text), 40):
            broken[j] = "x"
        answers[f"p{i}"] = "".join(broken)
    write(tmp_path, "pages", rows, split="test")
    examples = open_examples([str(tmp_path)])
    assert sum(len(example.truth) for example in examples) == 4000 * pages
    groups(score(examples[:1], answers))  # modules and jieba's dictionary are read once
    start = time.process_time()
    found = groups(score(examples, answers))
    spent = time.process_time() - start
    assert found[0].metrics["ned"].mean == pytest.approx(0.01, abs=0.002)
    assert spent < seconds, f"{spent:.1f} s of CPU"


def test_intervals_by_hand() -> None:
    rng = np.random.default_rng(0)
    # two documents: the mean is 0, 1/2 or 1 with probabilities 1/4, 1/2, 1/4
    (found,) = estimate([[0], [1]], [[1], [1]], ["a", "b"], rng, draws=400)
    assert found == Estimate(0.5, 0, 1, 2)
    # pages of one document are drawn together: nothing can vary
    assert estimate([[0], [1]], [[1], [1]], ["a", "a"], rng) == [Estimate(0.5, 0.5, 0.5, 2)]
    # a weighted mean, and a metric that the first sample does not have
    pooled, other = estimate([[1, nan], [0, 1]], [[1, 0], [9, 1]], ["a", "b"], rng)
    assert pooled.mean == pytest.approx(0.1)
    assert other == Estimate(1, 1, 1, 1)


def test_intervals_do_not_depend_on_how_much_is_drawn_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.random.default_rng(3).random((40, 2))
    names = [str(i % 17) for i in range(40)]
    whole = estimate(values, np.ones((40, 2)), names, np.random.default_rng(1), draws=100)
    monkeypatch.setattr(bootstrap, "MAX_COUNTS", 50)
    parts = estimate(values, np.ones((40, 2)), names, np.random.default_rng(1), draws=100)
    for one, other in zip(parts, whole, strict=True):  # sums may end in another last digit
        assert astuple(one) == pytest.approx(astuple(other), rel=1e-12)


def test_intervals_hold_what_they_promise() -> None:
    """Of intervals over samples of a known mean, about 95 of 100 contain it."""
    rng = np.random.default_rng(1)
    names = [str(i) for i in range(60)]
    hits = 0
    for _ in range(200):
        (found,) = estimate(rng.random((60, 1)), np.ones((60, 1)), names, rng, draws=300)
        hits += found.low <= 0.5 <= found.high
    assert 180 <= hits <= 199


def test_scores_are_the_same_twice(by_hand: Path, tmp_path: Path) -> None:
    answers = predictions(tmp_path / "a.jsonl", {"e1": "the bat", "e2": "on the mat"})
    for name in ("one", "two"):
        assert run("-d", by_hand, "-p", answers, "-o", tmp_path / name).exception is None
    for file in ("scores.json", "samples.jsonl", "report.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize(
    "line", ["{", "5", '{"id": "a", "answer": 5, "key": "k"}', "[" * 9999, '{"id": "a"}']
)
def test_a_damaged_line_of_a_journal_is_named(tmp_path: Path, line: str) -> None:
    good = '{"id": "a", "answer": "b\u2028c", "key": "k"}\n'
    (tmp_path / "answers.jsonl").write_text(f"{good}{line}\n", encoding="utf-8")
    with pytest.raises(RunError, match=r"answers\.jsonl, line 2 is not an answer"):
        Journal(tmp_path).read([])
