"""`vary-data retarget --to questions --provider openai`, against a server that fails."""

import contextlib
import importlib
import json

import pytest

from tests.tools.openai_server import serve
from vary_data import generate, validate
from vary_data.base.errors import SourceError, VaryError
from vary_data.dataset.reader import Dataset
from vary_data.generators.retarget import read_wordings
from vary_data.sources.llm.rephrase import Asked, request_body
from vary_data.targets.target import targets

FAULTS = ("429", "500", "cut-off", "not-json", "refusal", "bad-record")


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    out = tmp_path_factory.mktemp("rephrase") / "charts"
    for lang in ("en", "zh"):
        generate(
            "render-charts", out, name=f"charts-{lang}", lang=lang, num_samples=6, workers=1,
            backend="matplotlib", types=("bar", "grouped_bar"),
        )  # fmt: skip
    return out


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def retarget(charts, out, *arguments):
    command = importlib.import_module("vary_data.cli.retarget").command
    given = [charts, "--to", "questions", "-o", out, "-j", 1, *arguments]
    command.main([*map(str, given)], standalone_mode=False)


def rephrase(charts, out, state, *arguments):
    server = ("--provider", "openai", "--base-url", state.base_url, "--concurrency", 4)
    retarget(charts, out, "--questions", 4, *server, *arguments)


def rows(out):
    return {row["id"]: row for config in Dataset.open(out).configs for row in config.rows()}


def question(row):
    return "".join(part["text"] or "" for part in row["messages"][0]["content"])


def facts(row):
    return json.loads(row["meta"])["target"]


def test_questions_are_rephrased_and_answers_stay(charts, tmp_path, capfd):
    with serve(faults=FAULTS, share=1) as state:
        rephrase(charts, tmp_path, state)
        said = capfd.readouterr().err
        asked = state.answered.total()
        assert max(state.answered.values()) == 1
        rephrase(charts, tmp_path, state)
        assert state.answered.total() == asked  # all replies are in the cache
    templates = {
        (row["id"], target.meta["program"]): target
        for row in rows(charts).values() for target in targets(row, "questions", 0, (), 4)
    }  # fmt: skip
    made = rows(tmp_path).values()
    assert len(made) == len(templates)
    other = 0
    for row in made:
        template = templates[json.loads(row["meta"])["origin"], facts(row)["program"]]
        assert row["text"] == template.text
        if question(row) == template.prompt:
            assert "template" not in facts(row)
        else:
            other += 1
            assert template.prompt[1:] in question(row)
            assert facts(row)["template"] == template.prompt
            assert facts(row)["rephrased_by"] == "gpt-4o"
    assert 0 < other < len(made)
    lines = [line for line in said.splitlines() if "questions rephrased by" in line]
    assert sum(int(line.partition(": ")[2].split()[0]) for line in lines) == other
    refused = sum(
        int(item.split()[-1])
        for line in lines for item in line.partition("in the template: ")[2].split(", ") if item
    )  # fmt: skip
    assert refused == len(made) - other
    assert validate(tmp_path, deep=True).clean


def test_the_wordings_do_not_depend_on_the_order_of_replies(charts, tmp_path):
    with serve(faults=("slow", "refusal"), share=2) as state:
        for name, concurrency in (("a", 4), ("b", 1)):
            flags = ("-q", "--config", "charts-en", "--concurrency", concurrency)
            rephrase(charts, tmp_path / name, state, *flags)
    name = ".sources/rephrased/charts-en-questions.jsonl"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    plans = [Dataset.open(tmp_path / x).config("charts-en-questions").plan for x in "ab"]
    assert plans[0]["tasks"] == plans[1]["tasks"]


def test_only_the_questions_of_the_run_are_asked(charts, tmp_path):
    with serve() as state:
        rephrase(charts, tmp_path, state, "-q", "--config", "charts-en", "-n", 2)
        assert state.answered.total() == 1
        assert len(rows(tmp_path)) in range(2, 9)


def test_a_limit_of_the_cost_makes_nothing_and_the_estimate_says_so(charts, tmp_path, capsys):
    with serve() as state:
        with pytest.raises(VaryError, match="could exceed --max-cost 0"):
            rephrase(charts, tmp_path, state, "-q", "--max-cost", 0.0001)
        rephrase(charts, tmp_path, state, "-q", "--max-cost", 0.0001, "--dry-run")
        assert not state.answered
    assert not list(tmp_path.glob("charts-*"))
    said = capsys.readouterr().out
    assert "questions in about" in said
    assert "more than --max-cost 0.0001" in said


def test_a_request_without_a_reply_stops_before_anything_is_made(charts, tmp_path, monkeypatch):
    from vary_data.sources.llm import client

    monkeypatch.setattr(client.Server, "__init__", _without_retries(client.Server.__init__))
    with serve(faults=("500",), share=2) as state:
        with pytest.raises(VaryError, match="requests had no reply"):
            rephrase(charts, tmp_path, state, "-q")
        assert not list(tmp_path.glob("charts-*"))
        asked = state.answered.copy()
        for _ in range(5):  # each fault passes at the second request
            with contextlib.suppress(VaryError):
                rephrase(charts, tmp_path, state, "-q")
        assert asked
        assert max(state.answered.values()) == 1
    assert len(rows(tmp_path)) > 30


def _without_retries(init):
    return lambda *given, **named: init(*given, **{**named, "retries": 0})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "html", "--provider", "openai"), "needs --to questions"),
        (("--provider", "openai", "--describe"), "exclude each other"),
        (("--provider", "openai"), "needs a key"),
        (("--base-url", "http://localhost:1/v1"), "--base-url needs --provider openai"),
        (("--max-cost", "1"), "--max-cost needs --provider openai"),
        (("--provider", "openai", "--base-url", "http://x/v1", "--model", "m", "--max-cost", "1"),
         "price of m is not known"),
        (("--provider", "openai", "--base-url", "http://127.0.0.1:9/v1"), "no server answers"),
    ],
)  # fmt: skip
def test_bad_flags_are_refused(charts, tmp_path, arguments, message):
    with pytest.raises(VaryError, match=message):
        retarget(charts, tmp_path, *arguments)
    assert not list(tmp_path.glob("charts-*"))


@pytest.mark.parametrize("line", ["[]", "{", '{"row": "a", "template": "b"}', "\xff"])
def test_a_damaged_file_of_wordings_is_named(tmp_path, line):
    file = tmp_path / "wordings.jsonl"
    file.write_bytes(b'{"row": "a", "template": "b?", "question": "c?"}\n' + line.encode("latin-1"))
    with pytest.raises(SourceError, match=r"wordings\.jsonl:2: expected the texts row, template"):
        read_wordings(str(file))
    with pytest.raises(SourceError, match="cannot read"):
        read_wordings(str(tmp_path / "none.jsonl"))


def test_requests_differ_by_seed_row_and_attempt():
    asked = Asked("a", 'What is "x"?', {"row": "x"}, "1")
    bodies = [
        request_body([asked], "en", "m", 0),
        request_body([asked], "en", "m", 1),
        request_body([asked], "en", "m", 0, 1),
        request_body([Asked("b", 'What is "x"?', {"row": "x"}, "1")], "en", "m", 0),
    ]
    assert len({body["seed"] for body in bodies}) == 4
    assert '"keep": ["x"]' in bodies[0]["messages"][1]["content"]
