"""A recipe file: several configurations, variables for what differs from machine to machine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.engine.recipe import load_yaml, parse_yaml

KEYS = ("configurations", "output", "defaults", "variables")
PACKAGED = ("demo", "vary-tiny", "vary-base-pretrain", "vary-base-sft")
BUILT_IN = ("demo", "samples")
"""Variables that always have a value: folders with inputs of the package."""
VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """The entries of a file, each a recipe as plain data; `lang: both` is not resolved yet."""

    entries: tuple[dict[str, Any], ...]
    output: str | None
    needs_demo_inputs: bool


def read(
    name: str,
    variables: Mapping[str, str] | None = None,
    built_in: Mapping[str, str] | None = None,
) -> RecipeFile:
    """Read a recipe file, or the packaged recipe of this name.

    `variables` are values for the file's variables; `built_in` those for `BUILT_IN`.

    Raises:
        SourceError: it cannot be read.
        UsageError: an unknown key or variable, a variable without a value, or not a list of
            configurations.
    """
    data = _load(name)
    if "configurations" not in data:
        return RecipeFile((data,), None, False)
    for key in data:
        if key not in KEYS:
            raise UsageError(f"{name}: unknown key {key!r}", nearest(key, KEYS))
    entries = data["configurations"]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{name}: `configurations` must be a list of mappings")
    defaults, output = _mapping(name, data, "defaults"), data.get("output")
    if not isinstance(output, str | None):
        raise UsageError(f"{name}: `output` must be a folder or URL, not {output!r}")
    values = _values(name, _mapping(name, data, "variables"), variables or {})
    try:
        text = json.dumps(entries)
    except (TypeError, ValueError) as error:  # YAML has dates and bytes, and keys of any type
        raise UsageError(f"{name}: a value is no plain data: {error}", "quote it") from None
    used = set(VARIABLE.findall(text)) | set(VARIABLE.findall(json.dumps(values)))
    values = {key: _substitute(str(value), built_in or {}) for key, value in values.items()}
    # Substituted within JSON text, so a value is escaped; [1:-1] removes its quotes.
    filled = json.loads(_substitute(text, {k: json.dumps(v)[1:-1] for k, v in values.items()}))
    return RecipeFile(tuple({**defaults, **entry} for entry in filled), output, "demo" in used)


def _mapping(name: str, data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{name}: `{key}` must be a mapping of names, not {value!r}")
    return value


def _load(name: str) -> dict[str, Any]:
    path = Path(name)
    stem = path.name.removesuffix(".yaml")
    if not path.is_file() and stem in PACKAGED:
        packaged = resources.files("vary_data") / "recipes" / f"{stem}.yaml"
        return parse_yaml(packaged.read_text("utf-8"), name)
    try:
        return load_yaml(name)
    except SourceError as error:
        raise SourceError(error.message, f"a file, or one of: {', '.join(PACKAGED)}") from error


def _values(name: str, defaults: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    for key in variables:
        if key not in defaults:
            raise UsageError(f"{name} has no variable {key!r}", nearest(key, defaults))
    values = {**defaults, **variables}
    for key, value in values.items():
        if value is None:
            raise UsageError(f"{name} needs a value for {key!r}", f"add --var {key}=…")
    return values


def _substitute(text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)
