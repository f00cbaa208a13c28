"""How a dataset was made, as a recipe file that makes it again and names no local path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vary_data.dataset.reader import DatasetConfig

FILE = "recipe.yaml"
COPIED = ("select",)
"""Kinds whose rows are copies that a recipe alone cannot make: the test set's manifest tells."""
PATHS = ("src", "images", "records", "corpus", "coco", "mixture", "selection")
"""Options that name files of the machine that made the data."""
LETTERS = "bcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Recipes:
    """`text` is a file for `vary-data run`, empty when there is nothing to run. `variables` map a
    variable, for which one gives one's own path, to the last part of the path that was used."""

    text: str
    variables: Mapping[str, str]

    def command(self, name: str) -> str:
        """The line that makes the dataset again, in a folder called `name`."""
        given = "".join(f" \\\n  --var {variable}=PATH" for variable in self.variables)
        return f"vary-data run {FILE}{given} -o {name}"


def recipes(configs: Sequence[DatasetConfig]) -> Recipes:
    """The recipes of configurations in one file; equal recipes give equal data."""
    variables: dict[str, str] = {}
    entries = [
        _entry(config.recipe, variables)
        for config in configs
        if config.recipe["generator"] not in COPIED
    ]
    if not entries:
        return Recipes("", {})
    data: dict[str, Any] = {"configurations": entries}
    if variables:
        data = {"variables": dict.fromkeys(variables), **data}
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return Recipes(text, variables)


def _entry(recipe: Mapping[str, Any], variables: dict[str, str]) -> dict[str, Any]:
    options = {}
    for key, value in recipe["options"].items():
        stem = re.sub(r"[^a-z]+", "_", f"{recipe['name']}_{key}".lower()).strip("_")
        if isinstance(value, list) and len(value) > 1:
            folders: dict[str, str] = {}
            options[key] = [_below(key, item, stem, variables, folders) for item in value]
        elif isinstance(value, list):
            options[key] = [_replaced(key, item, stem, variables) for item in value]
        else:
            options[key] = _replaced(key, value, stem, variables)
    return {**recipe, "options": options}


def _replaced(key: str, value: Any, stem: str, variables: dict[str, str]) -> Any:
    """A path as a variable of its own."""
    return _variable(value, stem, variables) if _is_path(key, value) else value


def _below(
    key: str, value: Any, stem: str, variables: dict[str, str], folders: dict[str, str]
) -> Any:
    """One of several paths as its name below a variable that stands for its folder."""
    if not _is_path(key, value):
        return value
    folder = str(Path(value).parent)
    if folder not in folders:
        folders[folder] = _variable(folder, stem, variables)
    return f"{folders[folder]}/{Path(value).name}"


def _variable(path: str, stem: str, variables: dict[str, str]) -> str:
    unique, number = stem, 0
    while unique in variables:
        unique, number = f"{stem}_{_letters(number)}", number + 1
    variables[unique] = Path(path).resolve().name
    return f"{{{unique}}}"


def _letters(number: int) -> str:
    """b, c, …, z, bb, bc, …: names of variables hold no digits."""
    text = LETTERS[number % len(LETTERS)]
    return text if number < len(LETTERS) else _letters(number // len(LETTERS) - 1) + text


def _is_path(key: str, value: Any) -> bool:
    """Whatever could name a place of this machine, also in options of other people's kinds."""
    if not isinstance(value, str) or not value:
        return False
    return key in PATHS or value.startswith(("/", "~", "./", "../", "@"))
