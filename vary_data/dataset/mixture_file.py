"""Reading a mixture's description in which every part has its count.

`vary_data.dataset.mixture.resolve` turns shares into counts; `vary-data mix --describe` writes the
result. A trainer reads that file as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from vary_data.base.errors import SourceError, nearest
from vary_data.base.plain_yaml import plain_yaml
from vary_data.dataset.mixture import MAX_SAMPLES, Mixture, Part

OPTIONAL = ("to", "prompts")
FIELDS = tuple(field.name for field in fields(Part) if field.name not in OPTIONAL)
COUNTS = ("rows", "count")


def read_mixture(file: Path) -> Mixture:
    """A mixture from a description with counts.

    Raises:
        SourceError: the file is not such a description.
    """
    try:
        tree = plain_yaml(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{file} cannot be read as a mixture ({reason})") from error
    if not isinstance(tree, Mapping) or not isinstance(tree.get("datasets"), list):
        raise SourceError(
            f"{file} is not a mixture", "expected what `vary-data mix --describe` writes"
        )
    parts = tuple(_part(file, entry) for entry in tree["datasets"])
    seed = tree.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise SourceError(f"{file}: seed is {seed!r}", "expected a whole number")
    if not parts:
        raise SourceError(f"{file} names no datasets")
    return Mixture(parts, seed)


def part_folder(file: Path, part: Part) -> Path:
    """The folder of a part's configuration; paths are relative to the description's folder.

    Raises:
        SourceError: there is no such folder.
    """
    dataset = file.parent / Path(part.path).expanduser()
    if not dataset.is_dir():
        raise SourceError(f"{file}: {dataset} is not a dataset folder")
    folder = dataset / part.config
    if not folder.is_dir():
        names = [path.parent.name for path in dataset.glob("*/data")]
        raise SourceError(
            f"{file}: {dataset} has no configuration {part.config!r}", nearest(part.config, names)
        )
    return folder


def _part(file: Path, entry: Any) -> Part:
    if not isinstance(entry, Mapping):
        raise SourceError(
            f"{file}: {entry!r} is not a part of a mixture", f"a part has {', '.join(FIELDS)}"
        )
    missing = [name for name in FIELDS if name not in entry]
    if missing:
        raise SourceError(
            f"{file}: a dataset has no {' and no '.join(missing)}",
            f"`vary-data mix {file} --describe -o resolved.yaml` turns shares into counts",
        )
    for name in FIELDS:
        expected = int if name in COUNTS else str
        if not isinstance(entry[name], expected) or isinstance(entry[name], bool):
            noun = "a whole number" if expected is int else "a text"
            raise SourceError(f"{file}: {name} is {entry[name]!r}", f"expected {noun}")
    if not (1 <= entry["rows"] <= MAX_SAMPLES and 0 <= entry["count"] <= MAX_SAMPLES):
        raise SourceError(f"{file}: {entry['count']} samples of {entry['rows']} rows")
    form = entry.get("to", "")
    if not isinstance(form, str):
        raise SourceError(f"{file}: to is {form!r}", "expected the name of a form")
    prompts = entry.get("prompts", [])
    if not isinstance(prompts, list) or not all(isinstance(p, str) for p in prompts):
        raise SourceError(f"{file}: prompts are {prompts!r}", "expected a list of texts")
    return Part(**{name: entry[name] for name in FIELDS}, to=form, prompts=tuple(prompts))
