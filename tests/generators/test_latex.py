"""The generator `latex` over small sources, with the reader replaced by blocks."""

from __future__ import annotations

import io
import json
import shutil
import sys
import types
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from renderers.latex import check, specimen
from renderers.latex.blocks import Document
from renderers.latex.pages import VerifiedPage
from renderers.picture import Cell, Picture
from vary_data.base.errors import SourceError, UsageError
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators.latex import Latex, LatexOptions, LatexTaskRunner
from vary_data.generators.latex_samples import dropped_from
from vary_data.sources.arxiv import FoundDocument, Part

pytestmark = pytest.mark.skipif(shutil.which("pdftex") is None, reason="pdflatex is not installed")


class DocumentRejected(SourceError):
    reason = "not-latex"


@dataclass(frozen=True)
class Lost:
    kind: str
    reason: str
    detail: str
    place: int = 0


@dataclass(frozen=True)
class Extraction:
    document: Document
    rejected: tuple[Lost, ...]
    license: str = "CC-BY-4.0"


def read_document(
    path: Path, lang: str | None, part: Part, convert: object, clock: object
) -> Extraction:
    if path.suffix != ".tex":
        raise DocumentRejected("no document in it")
    return Extraction(specimen.english(), (Lost("table", "unknown-command", "\\foo"),))


def find_documents(folder: Path) -> list[FoundDocument]:
    return [
        FoundDocument(path, path.name, path.read_text() * 9, path.read_text() * 9)
        for path in sorted(folder.iterdir())
    ]


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    stand_in: Any = types.ModuleType("vary_data.sources.arxiv")
    stand_in.find_documents = find_documents
    stand_in.Part = Part
    stand_in.read_document = read_document
    stand_in.DocumentRejected = DocumentRejected
    monkeypatch.setitem(sys.modules, "vary_data.sources.arxiv", stand_in)
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.tex").write_text("one")
    (tmp_path / "b.gz").write_text("two")
    (tmp_path / "c.tex").write_text("one")
    return tmp_path


def recipe(folder: Path, **options: Any) -> Recipe:
    chosen = {"templates": ("article", "book"), "long_side": 640, **options}
    return Recipe("latex", "latex-en", "en", LatexOptions(src=(str(folder),), **chosen), seed=5)


def outcomes(recipe: Recipe) -> list[Sample | Rejection]:
    generator = Latex()
    runner: LatexTaskRunner = generator.open(recipe)
    return [
        outcome
        for task in generator.tasks(recipe)
        for outcome in runner.run(task, TaskSeed.of(recipe.seed, recipe.generator, task.key))
    ]


def test_every_document_ends_as_pages_or_a_reason(folder: Path) -> None:
    found = outcomes(recipe(folder))
    assert [o.reason for o in found if isinstance(o, Rejection)] == [
        "unknown-command",
        "not-latex",
        "duplicate-document",
    ]
    samples = [o for o in found if isinstance(o, Sample)]
    assert len(samples) >= 3
    assert len({s.id for s in samples}) == len(samples)
    for sample in samples:
        with Image.open(io.BytesIO(sample.image)) as image:
            assert image.size == (sample.width, sample.height)
            assert max(image.size) == 640
        assert check.problems(sample.text) == []
        assert (sample.kind, sample.format, sample.lang) == ("latex_page", "mmd", "en")
        assert json.loads(json.dumps(sample.meta))["page"] >= 1
    assert samples[0].text.startswith("# On the Settling Time")


def test_a_page_lists_what_is_left_out_of_it(folder: Path) -> None:
    made = [o for o in outcomes(recipe(folder)) if isinstance(o, Sample)]
    assert [sample.meta.get("dropped") for sample in made[:2]] == [
        {"table: unknown-command": 1}, None,
    ]  # fmt: skip


def test_losses_belong_to_one_page_each() -> None:
    losses = [(0, "a"), (3, "b"), (4, "c"), (6, "d"), (9, "e")]
    picture = Picture(np.zeros((1, 1), np.uint8), ())
    first = VerifiedPage(1, picture, "", (), (0, 1, 2))
    second = VerifiedPage(2, picture, "", (), (5, 6))
    assert dropped_from(first, losses, (0, 0)) == {"a": 1, "b": 1}
    assert dropped_from(second, losses, (1, 4)) == {"c": 1, "d": 1}
    assert dropped_from(replace(second, places=()), losses, (1, 4)) == {}


def test_a_license_that_a_source_states_is_that_of_its_pages(folder: Path) -> None:
    licenses = {o.license for o in outcomes(recipe(folder)) if isinstance(o, Sample)}
    assert licenses == {"CC-BY-4.0"}
    given = recipe(folder, license="MIT")
    assert {o.license for o in outcomes(given) if isinstance(o, Sample)} == {"MIT"}


def test_keys_begin_with_the_name_of_the_configuration(folder: Path) -> None:
    keys = [task.key for task in Latex().tasks(recipe(folder))]
    assert len(set(keys)) == 3
    assert all(key.startswith("latex-en-") for key in keys)


def test_the_same_task_gives_the_same_samples(folder: Path) -> None:
    assert outcomes(recipe(folder)) == outcomes(recipe(folder))


def test_each_template_of_a_document_is_another(folder: Path) -> None:
    given = recipe(folder, templates_per_doc=3)
    found = outcomes(given)
    used = {o.template for o in found if isinstance(o, Sample)}
    assert used == {"article", "book"}
    assert [o.reason for o in found if isinstance(o, Rejection)].count("no-template") == 1


def test_cells_have_their_place_in_a_table(folder: Path) -> None:
    samples = [o for o in outcomes(recipe(folder, templates=("article",))) if isinstance(o, Sample)]
    found = {r.text: r for sample in samples for r in sample.regions if r.cell is not None}
    cells = {text: found[text].cell for text in ("Ring", "Settling time", "medium", "12.4")}
    assert cells == {
        "Ring": Cell(0, 0, 2, 1, header=True),
        "Settling time": Cell(0, 1, 1, 3, header=True),
        "medium": Cell(1, 2, header=True),
        "12.4": Cell(2, 1),
    }
    assert {
        sample.regions[r.parent].role
        for sample in samples
        for r in sample.regions
        if r.cell is not None and r.parent is not None
    } == {"table"}


def test_crops_are_separate_samples(folder: Path) -> None:
    found = outcomes(recipe(folder, crops=("tables", "formulas"), templates=("article",)))
    kinds = [o.kind for o in found if isinstance(o, Sample)]
    assert kinds.count("table") == 2
    assert kinds.count("formula") == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"templates": ("artcle",)}, "unknown template 'artcle'; did you mean 'article'?"),
        ({"crops": ("table",)}, "options.crops cannot be 'table'; did you mean 'tables'?"),
        ({"templates_per_doc": 0}, "templates_per_doc must be between 1 and 1000, not 0"),
    ],
)
def test_bad_options_are_named(folder: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        Latex().tasks(recipe(folder, **options))
    assert message in str(error.value)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere does not exist"):
        Latex().tasks(recipe(tmp_path / "nowhere"))
