"""`-n` and `--scale` of LaTeX sources: archives are chosen before they are unpacked."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vary_data import make_recipe
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.generators import latex
from vary_data.generators.latex import PAGES_PER_DOCUMENT, Latex
from vary_data.generators.latex_documents import source_documents
from vary_data.sources.arxiv import find_documents, find_units
from vary_data.sources.arxiv.read import archive, find

PAPER = r"\documentclass{article}\begin{document}Paper %s.\input{part}\end{document}"
SUBMITTED = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Papers as arXiv packs them, one as a folder, and a file that is none."""
    root = tmp_path / "arxiv"
    for i in range(SUBMITTED):
        month = root / f"23{i % 3 + 1:02}"
        month.mkdir(parents=True, exist_ok=True)
        (month / f"2301.{i:05}.gz").write_bytes(gzip.compress((PAPER % i).encode()))
    (root / "open").mkdir()
    (root / "open" / "main.tex").write_text(PAPER % "open")
    (root / "open" / "part.tex").write_text("A part.")
    (root / "list.csv").write_text("a,b")
    return root


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    read = archive.read_members

    def noted(path: Path, *rest: Any) -> Any:
        names.append(path.name)
        return read(path, *rest)

    monkeypatch.setattr(find, "read_members", noted)
    monkeypatch.setattr(latex, "_usable", lambda renderer, recipe: ["article"])
    return names


def tasks(recipe: Recipe, **changes: Any) -> list[Task]:
    return list(Latex().tasks(replace(recipe, **changes)))


def test_only_chosen_archives_are_unpacked(folder: Path, unpacked: list[str]) -> None:
    made = make_recipe("latex", src=[folder])
    few = tasks(made, max_samples=5 * PAGES_PER_DOCUMENT)
    assert sum("problem" not in task.params for task in few) == 5
    assert len(unpacked) <= 5
    more = tasks(made, max_samples=9 * PAGES_PER_DOCUMENT)
    assert more[: len(few)] == few
    unpacked.clear()
    tenth = tasks(made, fraction=0.1)
    assert len(tenth) == len(unpacked) == 3
    assert {task.key for task in tenth} <= {task.key for task in more}
    unpacked.clear()
    assert len(tasks(made)) == SUBMITTED + 2
    assert len(unpacked) == SUBMITTED
    assert tasks(made, max_samples=5 * PAGES_PER_DOCUMENT, seed=1) != few


def test_units_hold_what_the_source_holds(folder: Path) -> None:
    (folder / "passwd").symlink_to("/etc/passwd")
    every = list(find_documents(folder))
    by_unit = [one for unit in find_units(folder) for one in find_documents(folder, unit=unit)]
    assert {one.name: one for one in by_unit} == {one.name: one for one in every}
    assert len(by_unit) == len(every) == SUBMITTED + 3
    assert list(find_units(folder / "list.csv")) == [folder / "list.csv"]


def test_the_choice_is_that_of_names_below_the_source(folder: Path, tmp_path: Path) -> None:
    names = []
    for place in (folder, tmp_path / "elsewhere"):
        if place != folder:
            folder.rename(place)
        recipe = replace(make_recipe("latex", src=[place]), fraction=0.2)
        names.append([one.name for _, _, one in source_documents(recipe)])
    assert names[0] == names[1]
