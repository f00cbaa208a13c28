"""The command end to end, against a server that fails in every way; the built-in generator."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tools.in_process import run_command
from tests.tools.openai_server import FAULTS, serve
from vary_data.dataset.reader import Dataset
from vary_data.sources.llm.cost import estimate_tokens, price_of
from vary_data.sources.llm.prompt import request_body
from vary_data.sources.llm.topics import grid


def run(*arguments: Any, key: str = "") -> subprocess.CompletedProcess[str]:
    return run_command("semantic-charts", *arguments, OPENAI_API_KEY=key or None)


def test_built_in_records_are_drawn_and_said_so(tmp_path: Path) -> None:
    done = run("--lang", "zh", "--backend", "matplotlib", "-n", 8, "-o", tmp_path, "-j", 1)
    assert done.returncode == 0, done.stderr
    assert "records come from the built-in generator" in done.stderr
    rows = list(Dataset.open(tmp_path).config("semantic-charts-zh").rows())
    assert len(rows) == 8
    assert {row["kind"] for row in rows} == {"semantic_chart"}
    documents = [row["doc_id"] for row in rows]
    assert documents[:4] == [documents[0]] * 4, "styles of a record share its document"
    titles = {ast.literal_eval(row["text"])["title"] for row in rows[:4]}
    assert len(titles) == 1


def test_more_styles_than_charts(tmp_path: Path) -> None:
    """The plan has as many tasks as there are charts, not as many as there are styles."""
    done = run("-n", 3, "--styles-per-record", 2**64, "--dry-run", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "3 tasks" in done.stdout


def test_a_model_writes_the_records_once(tmp_path: Path) -> None:
    with serve(faults=FAULTS, key="secret") as state:
        wanted = ["-n", 12, "--styles-per-record", 2, "--backend", "matplotlib", "-j", 1]
        wanted += ["--base-url", state.base_url, "-o", tmp_path]
        first = run(*wanted, key="secret")
        assert first.returncode == 0, first.stderr
        assert "6 records from" in first.stderr
        asked = state.answered.total()
        again = run(*wanted, key="secret")
        assert again.returncode == 0
        assert state.answered.total() == asked
        assert "6 records from 0 requests" in again.stderr
        refused = run(*wanted, "--overwrite", "--seed", 3, key="wrong")
        assert refused.returncode == 2
        assert "the server rejects the key" in refused.stderr
    rows = list(Dataset.open(tmp_path).config("semantic-charts-en").rows())
    assert len(rows) == 12
    assert {row["source"] for row in rows} == {"gpt-4o"}


def test_the_batch_api(tmp_path: Path) -> None:
    with serve() as state:
        done = run("-n", 4, "--base-url", state.base_url, "-o", tmp_path, "--batch", "--dry-run")
        assert "1 records in about 1 requests" in done.stdout
        assert not state.batches


def test_a_limit_of_the_cost_holds_for_both_languages(tmp_path: Path) -> None:
    both = ["-n", 400, "--lang", "both", "-o", tmp_path]
    for limit in (0.5, 1):  # either language alone costs less than both
        plan = run("--provider", "openai", *both, "--max-cost", limit, "--dry-run")
        assert plan.returncode == 0
        english, chinese = map(float, re.findall(r"out, about \$(\d\.\d\d)", plan.stdout))
        assert max(english, chinese) < 0.5 < english + chinese < 1
        said = re.findall(r"about \$(\d\.\d\d) is more than --max-cost 0\.5", plan.stdout)
        assert [float(cost) for cost in said] == (
            [] if limit == 1 else [pytest.approx(english + chinese, abs=0.02)]
        )
    price = price_of("gpt-4o")
    assert price is not None
    body = request_body(0, grid("en").topic(0, 0), "en", "gpt-4o", 5, 0)
    limit = price.of(estimate_tokens(body, 0)[0], body["max_tokens"]) + 0.005
    with serve() as state:  # which takes $0.01 for a request
        flags = ["--base-url", state.base_url, "--max-cost", limit, "--backend", "matplotlib"]
        done = run("-n", 1, "--lang", "both", "-o", tmp_path, *flags, "-j", 1)
        assert done.returncode == 1
        assert "stopped at $0.01: the next request could exceed" in done.stderr
        assert state.answered.total() == 1


def test_records_of_ones_own_with_damage(tmp_path: Path) -> None:
    good = {
        "topic": "t", "chart_type": "bar", "title": "Cups of tea", "source": "", "x_title": "",
        "y_title": "Cups", "unit": "", "categories": ["Ann", "Bob", "Cleo"],
        "series": [{"name": "", "values": [3, 5, 4]}],
    }  # fmt: skip
    lines = [good, {**good, "title": "Cups: 99"}, {**good, "unit": None}]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\nnot even JSON\n")
    flags = ["--styles-per-record", 1, "--backend", "matplotlib", "-j", 1, "-o", tmp_path / "out"]
    done = run("--records", file, *flags)
    assert done.returncode == 0, done.stderr
    config = Dataset.open(tmp_path / "out").config("semantic-charts-en")
    (row,) = config.rows()
    assert ast.literal_eval(row["text"])["values"] == {"Ann": "3", "Bob": "5", "Cleo": "4"}
    assert [(r.reason, r.detail) for r in config.rejections()] == [
        ("title-contradicts", "records.jsonl:2: 99 in 'Cups: 99'"),
        ("malformed-record", "records.jsonl:3: unit: Input should be a valid string"),
        ("malformed-record", "records.jsonl:4: the line is not JSON: not even JSON"),
    ]


def test_a_csv_table_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "tea_houses.csv"
    file.write_text("City,Guests\nLyon,30\nPorto,50\nGhent,40\n")
    flags = ["--styles-per-record", 1, "--backend", "matplotlib", "-j", 1, "-o", tmp_path / "out"]
    done = run("--records", file, *flags)
    assert done.returncode == 0, done.stderr
    (row,) = Dataset.open(tmp_path / "out").config("semantic-charts-en").rows()
    truth = ast.literal_eval(row["text"])
    assert (truth["title"], truth["x_title"], truth["y_title"]) == ("Tea houses", "City", "Guests")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--records", "nowhere.jsonl"], "cannot read nowhere.jsonl: it does not exist"),
        (["--records", "x", "--provider", "builtin"], "exclude each other"),
        (["--base-url", "http://127.0.0.1:9", "--model", "m", "--max-cost", "1"], "is not known"),
        (["--base-url", "http://127.0.0.1:9", "--price", "cheap"], "is not IN,OUT"),
        (["--provider", "openai"], "needs a key, and OPENAI_API_KEY is not set"),
        (["--base-url", "http://127.0.0.1:9"], "no server answers at http://127.0.0.1:9: Conn"),
    ],
)
def test_mistakes(tmp_path: Path, flags: list[str], message: str) -> None:
    done = run(*flags, "-o", tmp_path)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
