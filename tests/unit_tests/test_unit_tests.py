"""Unit tests made from rows: the truth passes all of them, planted errors fail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.tools.written_rows import write_rows
from vary_data.base.errors import SourceError
from vary_data.cli import group
from vary_data.unit_tests.make import unit_tests
from vary_data.unit_tests.run import Answer, passes, score
from vary_data.unit_tests.unit_test import OLMOCR, UnitTest, read_unit_tests

SENTENCES = [
    "The ferry to the northern islands leaves every morning at 7 from the old pier.",
    "In 1984 the harbor was widened so that larger ships could turn inside it.",
    "Nobody in the village remembers who planted the row of chestnut trees.",
    "Fishing boats return before noon and sell their catch along the quay.",
    "A lighthouse of 42 meters has marked the eastern reef since the war.",
    "Children learn to sail in the shallow bay behind the lighthouse.",
    "Storms close the road to the mainland for about 12 days a year.",
    "The museum shows nets, lamps and letters of three generations.",
]
HEADER = "Harbors of the north"
TABLE = [
    ["Port", "Boats", "Depth"],
    ["Arn", "31", "4 m"],
    ["Bel", "58", "7 m"],
    ["Cor", "12", "3 m"],
]
FORMULA = r"\\frac{a}{b} = c_{1}^{2}"


def page() -> tuple[dict[str, Any], str]:
    """A row, and its truth in Markdown."""
    regions: list[dict[str, Any]] = [{"role": "page_header", "text": HEADER, "parent": None}]
    parts = []
    for i in range(0, len(SENTENCES), 2):
        text = " ".join(SENTENCES[i : i + 2])
        regions.append({"role": "paragraph", "text": text, "parent": None})
        parts.append(text)
    regions.append({"role": "formula", "text": f"$${FORMULA}$$", "parent": None})
    parts.append(f"$${FORMULA}$$")
    regions.append({"role": "table", "text": "", "parent": None})
    at = len(regions) - 1
    for r, row in enumerate(TABLE):
        for c, text in enumerate(row):
            spans = {"row": r, "column": c, "rowspan": 1, "colspan": 1, "header": r == 0}
            regions.append({"role": "cell", "text": text, "parent": at, **spans})
    lines = ["| " + " | ".join(row) + " |" for row in TABLE]
    parts.append("\n".join([lines[0], "| --- | --- | --- |", *lines[1:]]))
    regions = [{**region, "order": i} for i, region in enumerate(regions)]
    row = {"id": "page-1", "lang": "en", "format": "markdown", "regions": regions}
    return row, "\n\n".join(parts)


def chart() -> tuple[dict[str, Any], str]:
    truth = repr({"title": "Boats", "values": {"Arn": {"2020": "31", "2021": "29"}, "Bel": "58"}})
    return {"id": "chart-1", "lang": "en", "format": "dict", "regions": []}, truth


def test_a_page_has_many_tests_of_all_types() -> None:
    row, truth = page()
    found = unit_tests(row, truth, "page-1.pdf", count=40)
    assert len(found) == 40
    assert len({test.id for test in found}) == 40
    kinds = {test.type for test in found}
    assert kinds == set(OLMOCR)
    assert all(passed == of for passed, of in score(found, truth).values())
    assert any(test.fields.get("text") == HEADER for test in found if test.type == "absent")
    assert found == unit_tests(row, truth, "page-1.pdf", count=40)
    assert found != unit_tests(row, truth, "page-1.pdf", count=40, seed=1)


def test_chinese_pages_have_tests() -> None:
    text = (
        "渡轮每天早上七点从老码头出发开往北部群岛。港口后来被拓宽，以便更大的船只可以在港内掉头。"
    )
    regions = [{"role": "paragraph", "text": text, "parent": None, "order": 0},
               {"role": "paragraph", "text": text[::-1], "parent": None, "order": 1}]  # fmt: skip
    row = {"id": "zh", "lang": "zh", "format": "plain", "regions": regions}
    found = unit_tests(row, f"{text}\n{text[::-1]}", "zh.pdf")
    assert {test.type for test in found} >= {"present", "absent", "order"}


def without_a_paragraph(text: str) -> str:
    return text.replace(" ".join(SENTENCES[2:4]), "")


def swapped_paragraphs(text: str) -> str:
    parts = text.split("\n\n")
    return "\n\n".join([parts[2], parts[1], parts[0], parts[3], *parts[4:]])


def swapped_columns(text: str) -> str:
    return re.sub(r"^\| (.*?) \| (.*?) \| (.*?) \|$", r"| \2 | \1 | \3 |", text, flags=re.M)


def with_the_header(text: str) -> str:
    return f"{HEADER}\n\n{text}"


def another_formula(text: str) -> str:
    return text.replace("c_{1}^{2}", "c_{2}^{1}")


def looping(text: str) -> str:
    return text + " and then" * 60


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        (without_a_paragraph, "present"),
        (swapped_paragraphs, "order"),
        (swapped_columns, "table"),
        (with_the_header, "absent"),
        (another_formula, "math"),
        (looping, "baseline"),
    ],
)
def test_planted_errors_fail(plant: Callable[[str], str], kind: str) -> None:
    """Each kind of error fails tests of its type, in each of ten choices."""
    row, truth = page()
    wrong = plant(truth)
    assert wrong != truth
    for seed in range(10):
        counts = score(unit_tests(row, truth, "p.pdf", 40, seed), wrong)
        passed, of = counts[kind]
        assert passed < of, (plant.__name__, seed)


def test_facts_of_charts() -> None:
    row, truth = chart()
    found = unit_tests(row, truth, "c.pdf")
    assert [test.fields["path"] for test in found] == [
        ["title"],
        ["values", "Arn", "2020"],
        ["values", "Arn", "2021"],
        ["values", "Bel"],
    ]
    assert score(found, truth) == {"fact": (4, 4)}
    assert score(found, truth.replace("29", "28")) == {"fact": (3, 4)}
    assert score(found, "no dict") == {"fact": (0, 4)}
    assert score(found, "{" * 5000) == {"fact": (0, 4)}


def a_test(kind: str, **fields: Any) -> UnitTest:
    return UnitTest("p.pdf", "t", kind, fields, fields.pop("max_diffs", 0))


def test_tables_with_spans_in_html() -> None:
    html = (
        "<table><tr><th rowspan=2>Port</th><th colspan=2>Boats</th></tr>"
        "<tr><th>1990</th><th>2000</th></tr><tr><td>Arn</td><td>31</td><td>40</td></tr></table>"
    )
    answer = Answer(html)
    assert passes(a_test("table", cell="31", up="1990", left="Arn"), answer)
    assert passes(a_test("table", cell="40", top_heading="2000", left_heading="Arn"), answer)
    assert not passes(a_test("table", cell="31", up="2000"), answer)
    assert not passes(a_test("table", cell="31", down="1990"), answer)


def test_first_and_last_characters() -> None:
    text = "alpha beta gamma"
    assert passes(a_test("present", text="alpha", first_n=6), text)
    assert not passes(a_test("present", text="gamma", first_n=6), text)
    assert passes(a_test("present", text="gamma", last_n=6), text)


def test_read_back(tmp_path: Path) -> None:
    row, truth = page()
    found = unit_tests(row, truth, "page-1.pdf")
    file = tmp_path / "tests.jsonl"
    file.write_text("".join(f"{test.to_json()}\n" for test in found), encoding="utf-8")
    assert list(read_unit_tests(file)) == found
    for line, problem in (
        ('{"pdf": "a", "id": "1", "type": "presence"}', "line 1: no type 'presence'"),
        ('{"pdf": "a", "id": "1", "type": "present"}', "a test of type present has no text"),
        ('{"pdf": "a", "id": "1", "type": "baseline", "max_diffs": -1}', "max_diffs is no number"),
        ("[1]", "not a JSON object"),
        ("{", "line 1"),
    ):
        file.write_text(line, encoding="utf-8")
        with pytest.raises(SourceError, match=re.escape(problem)):
            list(read_unit_tests(file))


def test_the_command(tmp_path: Path) -> None:
    row, _ = page()
    text = " ".join(SENTENCES)
    box = [0.0, 0.0, 32.0, 24.0]
    regions = [{"bbox": box, **region} for region in row["regions"][:5]]
    rows = [
        {"text": text, "regions": regions},
        {"text": chart()[1], "format": "dict", "kind": "chart", "regions": []},
    ]
    write_rows(tmp_path / "out", "mixed", rows)
    words = ["unit-tests", tmp_path / "out", "--to", tmp_path / "to", "--json"]
    done = CliRunner().invoke(group, list(map(str, words)))
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["rows"] == 2
    assert result["tests"]["fact"] == 4
    tests = list(read_unit_tests(tmp_path / "to" / "unit_tests.jsonl"))
    assert len(tests) + 4 == sum(result["tests"].values())
    for test in tests:
        name = test.pdf.removesuffix(".pdf")
        assert (tmp_path / "to" / "pdfs" / test.pdf).read_bytes().startswith(b"%PDF")
        assert passes(test, (tmp_path / "to" / "truth" / f"{name}_pg1_repeat1.md").read_text())
    again = CliRunner().invoke(group, list(map(str, words)))
    assert again.exit_code == 1


@pytest.mark.parametrize("parent", [0, 77])
def test_rows_with_damaged_regions_are_left_out(tmp_path: Path, parent: int) -> None:
    damaged = {
        "bbox": [1.0, 1.0, 9.0, 9.0],
        "text": "A wrong page",
        "role": "paragraph",
        "order": 0,
    }
    rows = [
        {"text": SENTENCES[0]},
        {"text": "A wrong page", "regions": [{**damaged, "parent": parent}]},
    ]
    write_rows(tmp_path / "out", "pages-en", rows)
    words = ["unit-tests", str(tmp_path / "out"), "--to", str(tmp_path / "to"), "--json"]
    done = CliRunner().invoke(group, words)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert (result["rows"], result["left_out"]) == (1, {"regions": 1})
