"""Recipes for publishing: no local path in them, and nothing else changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vary_data.dataset.reader import DatasetConfig
from vary_data.engine.recipe_file import read
from vary_data.hub.licenses import hub_license
from vary_data.hub.recipes import recipes


def configuration(
    folder: Path, name: str, *, path_options: tuple[str, ...] = (), **options: Any
) -> DatasetConfig:
    engine = folder / name / ".vary"
    engine.mkdir(parents=True)
    recipe = {"generator": "pages", "name": name, "lang": "en", "options": options, "seed": 3}
    (engine / "recipe.json").write_text(json.dumps(recipe))
    plan = {"plan_id": "p", "shards": {"train": 1}, "path_options": path_options}
    (engine / "plan.json").write_text(json.dumps(plan))
    return DatasetConfig(folder / name)


def test_paths_become_variables_that_give_them_back(tmp_path: Path) -> None:
    many = [str(tmp_path / "in" / f"{i}.pdf") for i in range(3)]
    configs = [
        configuration(tmp_path, "pages-1", src=["/home/me/books"], license="CC0-1.0"),
        configuration(tmp_path, "pages-2", src=many, dpi=100),
    ]
    made = recipes(configs)
    assert made.variables == {"pages_src": "books", "pages_src_b": "in"}
    assert made.command("books") == (
        "vary-data run recipe.yaml \\\n  --var pages_src=PATH \\\n  --var pages_src_b=PATH -o books"
    )
    assert "/home" not in made.text
    assert str(tmp_path) not in made.text
    file = tmp_path / "recipe.yaml"
    file.write_text(made.text)
    given = {"pages_src": "/home/me/books", "pages_src_b": str(tmp_path / "in")}
    assert list(read(str(file), given).entries) == [config.recipe for config in configs]


def test_relative_paths_of_another_generator_are_not_published(tmp_path: Path) -> None:
    """Its plan lists the options that are declared as paths; no generator is imported."""
    config = configuration(
        tmp_path, "tags", path_options=("fonts",), fonts="private/fonts", style="a/b"
    )
    config.recipe["generator"] = "not_installed:Tags"
    made = recipes([config])
    assert made.variables == {"tags_fonts": "fonts"}
    assert "private" not in made.text
    assert "style: a/b" in made.text


def test_copies_of_a_test_set_have_no_recipe(tmp_path: Path) -> None:
    config = configuration(tmp_path, "tables", selection="/x.json")
    config.recipe["generator"] = "select"
    assert recipes([config]).text == ""


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["Apache-2.0"], "apache-2.0"),
        (["CC-BY-4.0", "MIT"], ["cc-by-4.0", "mit"]),
        (["MIT", "public domain"], "other"),
        (["unknown"], "other"),
        ([], "other"),
    ],
)
def test_licenses_as_the_hub_names_them(stated: list[str], expected: Any) -> None:
    assert hub_license(stated) == expected
