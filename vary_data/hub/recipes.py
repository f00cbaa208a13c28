"""The recipe file of a published dataset, which has variables in place of local paths."""

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
"""Generators that copy rows, which a recipe alone cannot repeat; testset.json lists the rows."""
PATHS = ("src", "images", "records", "corpus", "coco", "mixture", "selection")
"""Options that are paths in datasets of version 0.1.0, whose plans do not list `path_options`."""
LOCAL_PATH_PREFIXES = ("/", "~", "./", "../", "@")
LETTERS = "bcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Recipes:
    """`text` is a file for `vary-data run`, empty if there is nothing to run. `variables` maps the
    variables of the file, each in place of a path, to the last part of the path that was used."""

    text: str
    variables: Mapping[str, str]

    def command(self, name: str) -> str:
        """The line that makes the dataset again, in a folder called `name`."""
        flags = "".join(f" \\\n  --var {variable}=PATH" for variable in self.variables)
        return f"vary-data run {FILE}{flags} -o {name}"


def recipes(configs: Sequence[DatasetConfig]) -> Recipes:
    """The recipes of configurations in one file; equal recipes give equal data."""
    variables: dict[str, str] = {}
    entries = [
        _entry(config, variables) for config in configs if config.recipe["generator"] not in COPIED
    ]
    if not entries:
        return Recipes("", {})
    data: dict[str, Any] = {"configurations": entries}
    if variables:
        data = {"variables": dict.fromkeys(variables), **data}
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return Recipes(text, variables)


def _entry(config: DatasetConfig, variables: dict[str, str]) -> dict[str, Any]:
    recipe = config.recipe
    path_options = {*PATHS, *(config.plan.get("path_options") or ())}
    options = {}
    for key, value in recipe["options"].items():
        declared = key in path_options
        stem = re.sub(r"[^a-z]+", "_", f"{recipe['name']}_{key}".lower()).strip("_")
        if isinstance(value, list) and len(value) > 1:
            folders: dict[str, str] = {}
            options[key] = [_below(item, declared, stem, variables, folders) for item in value]
        elif isinstance(value, list):
            options[key] = [_replaced(item, declared, stem, variables) for item in value]
        else:
            options[key] = _replaced(value, declared, stem, variables)
    return {**recipe, "options": options}


def _replaced(value: Any, declared: bool, stem: str, variables: dict[str, str]) -> Any:
    """A path as a new variable; other values unchanged."""
    return _variable(value, stem, variables) if _is_path(value, declared) else value


def _below(
    value: Any, declared: bool, stem: str, variables: dict[str, str], folders: dict[str, str]
) -> Any:
    """One of several paths as its name below the variable of its folder."""
    if not _is_path(value, declared):
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


def _is_path(value: Any, declared: bool) -> bool:
    """Whether a value is a path: its option is declared as one, or it looks like one."""
    if not isinstance(value, str) or not value:
        return False
    return declared or value.startswith(LOCAL_PATH_PREFIXES)
