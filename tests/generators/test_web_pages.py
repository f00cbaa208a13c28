"""Browser pages as a kind: all genres, the same from any worker, resumed, counted."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import psutil
import pytest

from renderers.find_browser import find_browser
from renderers.fonts import families
from renderers.tool_errors import ToolNotFound
from vary_data import generate, make_recipe, open_dataset
from vary_data.base.errors import ToolMissing, UsageError, WorkerBroken
from vary_data.base.seed import TaskSeed
from vary_data.engine.generator import Task
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample
from vary_data.generators.web_pages import WebPages
from vary_data.quality.validate.rows import check_row
from vary_data.sources.web_pages.genres import genres_of


@pytest.fixture(autouse=True)
def _browser() -> None:
    try:
        find_browser()
    except ToolNotFound as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_every_genre_gives_clean_pages(turn: int) -> None:
    """Every second genre in English, the others in Chinese; then the other way around."""
    samples = []
    for start, lang in ((turn, "en"), (1 - turn, "zh")):
        recipe = make_recipe("web-pages", lang=lang, text="mixed", long_side=720)
        runner = WebPages().open(recipe)
        try:
            for name in genres_of(lang)[start::2]:
                task = Task(f"page-{name}", doc_id=name, params={"genre": name, "corpus": ""})
                *_, sample = runner.run(task, TaskSeed.of(0, "web-pages", task.key))
                assert isinstance(sample, Sample), sample
                samples.append(sample)
        finally:
            runner.close()
    rows = to_batch(samples).to_pylist()
    for row in rows:
        assert list(check_row(row)) == [], row["id"]
    assert len({json.loads(row["meta"])["text"] for row in rows}) == 4
    roles = {region["role"] for row in rows for region in row["regions"]}
    assert {"title", "section_header", "paragraph", "list_item", "table", "cell", "figure", "key",
            "value", "form", "page_number", "caption", "line", "word"} <= roles  # fmt: skip


def test_samples_do_not_depend_on_the_worker() -> None:
    recipe = make_recipe("web-pages", num_samples=4, long_side=640)
    generator = WebPages()
    tasks = generator.tasks(recipe)
    seeds = [TaskSeed.of(0, "web-pages", task.key) for task in tasks]
    first, second = generator.open(recipe), generator.open(recipe)
    try:
        made = [list(first.run(tasks[i], seeds[i]))[-1] for i in range(4)]
        again = [list(second.run(tasks[i], seeds[i]))[-1] for i in reversed(range(4))]
        assert made == again[::-1]
        assert all(isinstance(sample, Sample) for sample in made)
    finally:
        first.close()
        second.close()


def test_a_run_is_resumed_with_the_same_rows(tmp_path: Path) -> None:
    def rows(folder: Path) -> list[tuple[str, str]]:
        return [(r["id"], r["text"]) for r in open_dataset(folder).configs[0].rows()]

    options = {"num_samples": 4, "long_side": 640, "samples_per_shard": 2, "workers": 1}
    generate("web-pages", tmp_path, **options)
    expected = rows(tmp_path)
    sorted(tmp_path.rglob("*.parquet"))[0].unlink()
    generate("web-pages", tmp_path, **options)
    assert rows(tmp_path) == expected
    assert len(expected) == 4


def test_a_genre_must_exist_in_the_language() -> None:
    recipe = make_recipe("web-pages", genres=("classical",), lang="en")
    with pytest.raises(UsageError, match="no classical pages in --lang en"):
        WebPages().tasks(recipe)


def test_lines_of_a_corpus_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"This is sentence number {i} of the corpus."}) for i in range(60)]
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join([*lines, "{broken"]))
    result = generate(
        "web-pages", tmp_path / "out", num_samples=2, genres=("letter",), corpus=(str(path),),
        long_side=640, workers=1,
    )  # fmt: skip
    assert result.samples == 2
    assert [(r.reason, r.detail) for r in result.rejections] == [
        ("malformed-line", "corpus.jsonl:61")
    ]
    (row, _) = open_dataset(result.path).configs[0].rows()
    assert "This is sentence number" in row["text"]
    assert row["source"] == str(path)


def test_a_browser_that_dies_breaks_the_worker() -> None:
    recipe = make_recipe("web-pages", num_samples=2, long_side=640)
    generator = WebPages()
    task = generator.tasks(recipe)[0]
    before = set(psutil.Process().children(recursive=True))
    runner = generator.open(recipe)
    started = set(psutil.Process().children(recursive=True)) - before
    try:
        (main,) = (p for p in started if "chrom" in p.name() and "--type=" not in str(p.cmdline()))
        main.kill()
        with pytest.raises(WorkerBroken):
            list(runner.run(task, TaskSeed.of(0, "web-pages", task.key)))
    finally:
        runner.close()


def test_a_language_without_fonts_names_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("renderers.web.renderer")  # has the function under a name of its own
    monkeypatch.setattr("renderers.fonts.families", lambda lang: ())
    with pytest.raises(ToolMissing, match="none of the fonts for --lang th") as error:
        WebPages().open(make_recipe("web-pages", lang="th"))
    assert "install fonts-noto-core" in str(error.value.hint)


@pytest.mark.parametrize("lang", ["ar", "th"])
def test_pages_of_other_scripts_are_clean(lang: str) -> None:
    if not families(lang):
        pytest.skip(f"no font for {lang} is installed")
    recipe = make_recipe("web-pages", lang=lang, text="mixed", long_side=720)
    runner = WebPages().open(recipe)
    samples = []
    try:
        for name in ("newspaper", "invoice", "form"):
            task = Task(f"page-{name}", doc_id=name, params={"genre": name, "corpus": ""})
            *_, sample = runner.run(task, TaskSeed.of(0, "web-pages", task.key))
            assert isinstance(sample, Sample), sample
            samples.append(sample)
    finally:
        runner.close()
    for row in to_batch(samples).to_pylist():
        assert list(check_row(row)) == [], row["id"]
        assert row["lang"] == lang
