"""Charts and pages in fonts of one's own: only these, the same for any worker, part of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.chosen_cases import some
from tests.tools.font_files import collection, renamed, without
from vary_data.api import generate
from vary_data.base.errors import PlanMismatch, SourceError
from vary_data.base.seed import TaskSeed
from vary_data.dataset.reader import Dataset
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.generators import load

CASES: dict[str, dict[str, Any]] = {
    "render-charts": {"num_samples": 2, "backend": "both", "types": ("bar",)},
    "semantic-charts": {"num_samples": 2, "backend": "both"},
    "web-pages": {"num_samples": 2, "genres": ("letter",)},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "fonts"
    made.mkdir()
    collection(made / "a.ttc", "Own First", "Own Second")
    renamed(made / "b.ttf", "Own Third")
    renamed(made / "c.ttf", "Own Third", bold=True)
    (made / "d.ttf").write_text("no font")
    return made


def recipe(generator: str, folder: Path) -> Recipe:
    options = {**CASES[generator], "fonts": str(folder)}
    return Recipe(generator, "own", "en", load(generator).Options(**options))


def families(meta: dict[str, Any]) -> Iterator[str]:
    if "body_font" in meta:
        yield from (meta["body_font"], meta["head_font"])
    else:
        yield meta["style"].get("family") or meta["style"]["font"]


@pytest.mark.parametrize("generator", [*CASES])
def test_every_sample_is_in_one_of_the_fonts(generator: str, folder: Path) -> None:
    """Chromium has none of these families, so they can only come from their files."""
    made = recipe(generator, folder)
    kind = load(generator)
    tasks = kind.tasks(made)
    runner = kind.open(made)
    try:
        for task in tasks:
            *_, last = runner.run(task, TaskSeed.of(0, made.generator, task.key))
            if "problem" in task.params:
                assert (last.reason, last.detail[:6]) == ("broken-font", "d.ttf:")
                continue
            assert not isinstance(last, Rejection)
            assert {name[:4] for name in families(last.meta)} == {"Own "}
        stale = tasks[0]
        renamed(folder / "c.ttf", "Own Fourth")
        changed = kind.open(made)
        (last,) = changed.run(stale, TaskSeed.of(0, made.generator, stale.key))
        assert (last.reason, last.key) == ("changed-file", stale.key)
        changed.close()
    finally:
        runner.close()


@pytest.mark.parametrize("generator", some(CASES, 3))
def test_the_contents_of_the_folder_are_part_of_the_plan(generator: str, folder: Path) -> None:
    def digest() -> str:
        task = load(generator).tasks(recipe(generator, folder))[0]
        return str(task.params["fonts"])

    before = digest()
    (folder / "a.ttc").rename(folder / "z.ttc")
    assert digest() == before
    without(folder / "b.ttf", "Own Third", "Q")
    assert digest() != before
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(SourceError, match="has no font"):
        digest()


@pytest.mark.worker_processes
def test_workers_do_not_matter_and_a_changed_folder_is_noticed(
    folder: Path, tmp_path: Path
) -> None:
    options = {"num_samples": 4, "types": ("bar", "pie"), "fonts": str(folder)}
    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        generate("render-charts", out, name="own", workers=workers, **options)
    rows = [
        [
            row
            for config in Dataset.open(tmp_path / f"out{workers}").configs
            for shard in config.shards
            for batch in config.batches(shard, ["id", "image", "text", "meta"])
            for row in batch.to_pylist()
        ]
        for workers in (1, 2)
    ]
    assert len(rows[0]) == 4
    assert rows[0] == rows[1]
    card = (tmp_path / "out1" / "README.md").read_text(encoding="utf-8")
    assert "## Limitations" in card
    assert "Texts of own are drawn with fonts that were given, whose licenses were not" in card
    renamed(folder / "b.ttf", "Own Other")
    with pytest.raises(PlanMismatch):
        generate("render-charts", tmp_path / "out1", name="own", workers=1, **options)
