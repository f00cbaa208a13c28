"""Recipes: reads settings from YAML and from overrides like `optim.lr=1e-4`, and writes them."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from trainer.errors import SettingsError, nearest
from trainer.settings.settings import Settings
from vary_data.base.plain_yaml import plain_yaml

RENAMED = {"model.normalisation": "model.normalization"}
"""New names by old ones, which recipes and runs of older versions have."""
EXPECTED = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a string",
    tuple: "a list, for example [8, 4]",
    dict: "a group of values, for example {pages: 0.5}",
}
"""What a message asks for, by the type of a setting."""


def load_settings(path: Path, overrides: Iterable[str] = ()) -> Settings:
    """Read a recipe and apply overrides of the form `optim.lr=1e-4`.

    Raises:
        SettingsError: the file cannot be read, a key is not known, or a value has a wrong type.
    """
    tree = read_recipe(path)
    for override in overrides:
        _override(tree, override)
    return settings_from(tree)


def open_recipe(
    recipe: str | Path, datasets: Iterable[str] = (), overrides: Iterable[str] = ()
) -> Settings:
    """Settings of a recipe: a file, or the name of one shipped with the package (`tiny-toy`).

    Raises:
        SettingsError: there is no such recipe, or a setting is not valid.
    """
    is_name = isinstance(recipe, str) and not recipe.endswith((".yaml", ".yml"))
    path = recipe_path(str(recipe)) if is_name else Path(recipe)
    folders = list(datasets)
    chosen = [f"data.datasets={json.dumps(folders)}"] if folders else []
    return load_settings(path, [*chosen, *overrides])


def read_recipe(path: Path) -> dict[str, Any]:
    """The tree of a recipe, with settings of older versions under their new names.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        tree = plain_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist", "give a recipe (YAML)") from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SettingsError(f"{path} cannot be read as YAML ({reason})") from error
    if not isinstance(tree, dict):
        raise SettingsError(f"{path} is not a recipe", "expected a mapping of settings")
    for old, new in RENAMED.items():
        group, _, key = old.partition(".")
        if isinstance(tree.get(group), dict) and key in tree[group]:
            tree[group].setdefault(new.partition(".")[2], tree[group].pop(key))
    return tree


def recipe_path(name: str) -> Path:
    """The file of a recipe shipped with the package.

    Raises:
        SettingsError: there is no recipe of this name.
    """
    path = Path(str(resources.files("trainer") / "recipes" / f"{name}.yaml"))
    if not path.exists():
        known = [p.stem for p in path.parent.glob("*.yaml")]
        raise SettingsError(f"no recipe {name!r}", nearest(name, known))
    return path


def settings_from(tree: Mapping[str, Any]) -> Settings:
    """Settings from nested mappings.

    Raises:
        SettingsError: a key is not known, or a value has a wrong type.
    """
    return typing.cast(Settings, _build(Settings, tree, ""))


def to_yaml(settings: Settings) -> str:
    """The recipe that gives these settings."""
    return yaml.safe_dump(_plain(dataclasses.asdict(settings)), sort_keys=False, allow_unicode=True)


def _override(tree: dict[str, Any], text: str) -> None:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise SettingsError(f"{text!r} is not a setting", "write it as optim.lr=1e-4")
    *path, last = key.split(".")
    node = tree
    for name in path:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise SettingsError(f"{key}: {name} is a single value, not a group of settings")
    try:
        node[last] = plain_yaml(value)
    except (yaml.YAMLError, ValueError) as error:
        shown = text if len(text) < 100 else f"{text[:100]}…"
        raise SettingsError(f"the value of {shown!r} cannot be read as YAML") from error


def _build(cls: type[Any], tree: Any, prefix: str) -> Any:
    if tree is None:
        tree = {}
    if not isinstance(tree, Mapping):
        raise SettingsError(f"{prefix.rstrip('.')} is {tree!r}", "expected a group of settings")
    hints = get_type_hints(cls)
    for key in tree:
        if key not in hints:
            raise SettingsError(f"unknown setting {prefix}{key}", nearest(str(key), hints))
    return cls(**{key: _value(hints[key], tree[key], prefix + key) for key in tree})


def _value(hint: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return _build(typing.cast(type[Any], hint), value, f"{name}.")
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _value(next(a for a in args if a is not type(None)), value, name)
    if origin is dict and isinstance(value, Mapping):
        return {str(k): _value(args[1], v, f"{name}.{k}") for k, v in value.items()}
    if origin is tuple and isinstance(value, str | list | tuple):
        items = [value] if isinstance(value, str) else value
        if Ellipsis not in args and len(items) != len(args):
            raise SettingsError(f"{name} is {value!r}", f"expected {len(args)} values")
        return tuple(_value(args[0], v, name) for v in items)
    if isinstance(value, float) and not math.isfinite(value):
        raise SettingsError(f"{name} is {value}", "expected a finite number")
    plain_type = origin is None and hint is not Any  # isinstance takes no dict[str, float]
    if hint is Any or (
        plain_type and isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    ):
        return value
    if hint is float and isinstance(value, int | str) and not isinstance(value, bool):
        try:
            number = float(value)  # YAML reads 1e-4 as a string
        except (ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number):
            return number
    raise SettingsError(f"{name} is {value!r}", f"expected {EXPECTED[origin or hint]}")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple | list) else value
