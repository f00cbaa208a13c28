"""Content of other kinds on browser pages, and documents of datasets set again."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from renderers.find_browser import find_browser
from renderers.tool_errors import ToolNotFound
from renderers.web.katex import find_katex
from tests.targets.page_rows import page_row
from tests.tools.written_rows import write_rows
from vary_data import make_recipe
from vary_data.base.errors import SourceError, ToolMissing, UsageError
from vary_data.base.seed import TaskSeed
from vary_data.engine.generator import Task
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample
from vary_data.generators.web_pages import WebPages
from vary_data.quality.validate.rows import check_row
from vary_data.targets.tables.table import Table

SENTENCE = "The harbor was closed to all ships by the end of that day. "
FORMULA = "\\begin{align}\nc &= \\frac{a}{b}_{1} \\tag{3}\n\\end{align}"


@pytest.fixture(autouse=True)
def _tools() -> None:
    try:
        find_browser()
        find_katex()
    except ToolNotFound as error:
        pytest.skip(str(error))


def blocks(number: int) -> list[tuple[Any, ...]]:
    """A page of document `number`."""
    table = Table.of_texts([["Ship", "Load"], [f"Ada {number}", "\\(x^{2}\\)"]], header_rows=1)
    return [
        ("section_header", f"{number} Ships", {"level": 1}),
        ("paragraph", SENTENCE * 3 + f"Mark {number} with \\(\\alpha_{{{number}}}\\) here."),
        ("paragraph", "A formula \\(\\unknown{x}\\) that KaTeX does not know."),
        ("formula", FORMULA),
        ("list_item", "• first", {"level": 1}),
        ("list_item", "– inner", {"level": 2}),
        ("list_item", "2. second", {"level": 1}),
        ("table", table),
        ("caption", "Table 1 Loads", {"parent": 10}),
        ("figure", ""),
        ("page_number", "7"),
    ]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    rows = []
    for number in range(6):
        row = page_row(blocks(number))
        places = [i for i, region in enumerate(row["regions"]) if region["role"] == "table"]
        for region in row["regions"]:
            region["bbox"] = [1, 1, 30, 20]
            if region["role"] == "caption":
                region["parent"] = places[0]
        rows.append({key: row[key] for key in ("text", "kind", "format", "regions")}
                    | {"doc": f"paper-{number}", "license": f"license {number}"})  # fmt: skip
    write_rows(tmp_path / "in", "latex-en", rows)
    return tmp_path / "in"


def rows_of(recipe: Recipe) -> Iterator[tuple[Task, dict[str, Any]]]:
    """The tasks of a recipe with their rows, each of which must be clean."""
    generator = WebPages()
    runner = generator.open(recipe)
    try:
        for task in generator.tasks(recipe):
            *_, sample = runner.run(task, TaskSeed.of(recipe.seed, "web-pages", task.key))
            assert isinstance(sample, Sample), sample
            (row,) = to_batch([sample]).to_pylist()
            assert list(check_row(row)) == []
            yield task, row
    finally:
        runner.close()


def test_documents_are_set_again(documents: Path) -> None:
    recipe = make_recipe("web-pages", num_samples=3, corpus=(str(documents),), long_side=720,
                         genres=("report", "textbook"))  # fmt: skip
    for task, row in rows_of(recipe):
        assert task.doc_id == row["doc_id"]
        number = row["doc_id"][-1]
        lines = row["text"].splitlines()
        assert f"## {number} Ships" in lines
        assert f"Mark {number} with \\(\\alpha_{{{number}}}\\) here." in row["text"]
        aligned = "\\begin{aligned} c &= \\frac{a}{b}_{1} \\end{aligned}"
        assert f"\\[ {aligned} \\tag{{3}} \\]" in lines, "one equation number"
        assert "KaTeX" not in row["text"]
        assert row["license"] == f"license {number}"
        at = lines.index("- first")
        assert lines[at : at + 3] == ["- first", "  - inner", "2. second"]
        assert f"| Ada {number} | \\(x^{{2}}\\) |" in lines
        assert json.loads(row["meta"])["document"]["left_out"] == {"figure": 1, "paragraph": 1}
        assert "inline_formula" in [region["role"] for region in row["regions"]]
        (caption,) = (r for r in row["regions"] if r["role"] == "caption")
        assert row["regions"][caption["parent"]]["role"] == "table"


def test_documents_stay_in_their_split(documents: Path) -> None:
    recipe = make_recipe("web-pages", num_samples=20, corpus=(str(documents),),
                         splits={"train": 0.5, "test": 0.5})  # fmt: skip
    plan = RunPlan.resolve(recipe, WebPages())
    by_split: dict[str, set[str]] = {"train": set(), "test": set()}
    for shard in plan.shards:
        by_split[shard.split] |= {task.doc_id for task, _ in plan.tasks_of(shard)}
    assert not by_split["train"] & by_split["test"]
    assert by_split["train"] | by_split["test"] == {f"paper-{n}" for n in range(6)}
    assert len(plan.tasks) == 20


def test_what_documents_cannot_be(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tasks(**options: Any) -> None:
        WebPages().tasks(make_recipe("web-pages", corpus=(str(documents),), **options))

    with pytest.raises(UsageError, match="documents cannot be invoice pages"):
        tasks(genres=("invoice",))
    with pytest.raises(SourceError, match="has no page in zh"):
        tasks(lang="zh")
    texts = tmp_path / "a.txt"
    texts.write_text(SENTENCE)
    both = make_recipe("web-pages", corpus=(str(texts), str(documents)))
    with pytest.raises(UsageError, match="is a dataset of documents"):
        WebPages().tasks(both)
    monkeypatch.setenv("VARY_KATEX", str(tmp_path))
    with pytest.raises(ToolMissing, match="KaTeX was not found"):
        tasks()


def test_pages_have_charts_photographs_and_latex(tmp_path: Path) -> None:
    Image.linear_gradient("L").convert("RGB").save(tmp_path / "a.jpg")
    recipe = make_recipe(
        "web-pages", num_samples=3, genres=("report", "web_article"), coco=str(tmp_path),
        content=("charts", "formulas"), photo_license="CC0", seed=1, long_side=900,
    )  # fmt: skip
    kinds = set()
    for _, row in rows_of(recipe):
        contents = json.loads(row["meta"]).get("content", [])
        kinds |= {facts["kind"] for facts in contents}
        assert ("photograph: CC0" in row["license"]) == any(f["kind"] == "photo" for f in contents)
        for region in row["regions"]:
            if region["role"] == "chart":
                assert "values" in ast.literal_eval(region["text"])
                assert f"```dict\n{region['text']}\n```" in row["text"]
    assert kinds == {"chart", "photo"}
