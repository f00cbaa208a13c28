"""Draws stored samples again from their recipe, and compares them."""

from __future__ import annotations

import difflib
import io
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from renderers.picture import pixel_hash
from vary_data import generators
from vary_data.base.errors import SourceError, UsageError, VaryError
from vary_data.base.seed import TaskSeed
from vary_data.base.storage import Location
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.engine.failure import JobFailure
from vary_data.engine.generator import Generator, Task
from vary_data.engine.plan import names_url
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.provenance import versions
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import deserialize
from vary_data.engine.shard import OpenTaskRunner

StoredRow = Mapping[str, Any]
"""A row as plain Python values, in the columns of `vary_data.dataset.schema`."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A stored row and the same sample drawn again; `failure` is the reason if it was not."""

    stored: StoredRow
    drawn: StoredRow | None
    failure: str = ""

    @property
    def text_agrees(self) -> bool:
        """False also if the sample could not be drawn again; so are the others."""
        return self.drawn is not None and self.drawn["text"] == self.stored["text"]

    @property
    def regions_agree(self) -> bool:
        return self.drawn is not None and self.drawn["regions"] == self.stored["regions"]

    @property
    def pixels_agree(self) -> bool:
        """Whether the pixels are equal; the encoded bytes may differ."""
        if self.drawn is None:
            return False
        stored, drawn = (row["image"]["bytes"] for row in (self.stored, self.drawn))
        return stored == drawn or _hash(stored) == _hash(drawn)

    @property
    def agrees(self) -> bool:
        return self.text_agrees and self.regions_agree and self.pixels_agree

    def disagreement(self) -> str:
        """A short message about what differs; empty if nothing does."""
        if self.drawn is None:
            return self.failure
        parts = (
            ("text", self.text_agrees),
            ("regions", self.regions_agree),
            ("pixels", self.pixels_agree),
        )
        return ", ".join(name for name, agrees in parts if not agrees)


def find(out: Location, sample_id: str) -> tuple[DatasetConfig, dict[str, Any]]:
    """The row with this id, and its configuration.

    Raises:
        SourceError: no finished shard has the row.
    """
    dataset = Dataset.open(out)
    for configuration in dataset.configs:
        if (row := configuration.find(sample_id)) is not None:
            return configuration, row
    raise SourceError(f"{out} has no sample {sample_id!r}", "ids are in the column `id`")


def redraw(
    configuration: DatasetConfig, rows: Sequence[StoredRow], jobs: int = 1
) -> Iterator[Redrawn]:
    """Draw these rows of a configuration again, in worker processes as in a run.

    Raises:
        SourceError: the configuration's recipe cannot be read, or its sources have changed.
        VaryError: a tool that the generator needs is missing.
    """
    generator, recipe = recipe_of(configuration)
    keys = [str(row["id"]).partition("#")[0] for row in rows]
    tasks = _tasks(generator, recipe, set(keys))
    if missing := [key for key in keys if key not in tasks]:
        raise SourceError(
            f"the recipe of {configuration.name} no longer has the task {missing[0]!r}",
            "the sources must be those that the dataset was made from",
        )
    work = [(tasks[key], TaskSeed(row["seed"])) for key, row in zip(keys, rows, strict=True)]
    opener = OpenTaskRunner(generators.load, recipe)
    workers, stores = max(1, min(jobs, len(work))), any(names_url(task) for task, _ in work)
    with SupervisedPool(opener, workers, recipe.timeout, stores) as pool:
        for row, result in zip(rows, pool.run(work), strict=True):
            yield _outcome(row, result)


def recipe_of(configuration: DatasetConfig) -> tuple[Generator, Recipe]:
    """The generator and the recipe of a configuration."""
    plain = configuration.recipe
    generator = generators.load(str(plain.get("generator")))
    return generator, Recipe.from_dict(plain, generator.Options)


def changed_versions(configuration: DatasetConfig) -> str:
    """A message about the package versions that have changed since the dataset was made."""
    then, now = configuration.plan.get("versions") or {}, versions()
    changed = [name for name in then if now.get(name) != then[name]]
    return ", ".join(f"{name} {then[name]} then, {now.get(name, 'none')} now" for name in changed)


def text_difference(redrawn: Redrawn) -> list[str]:
    """A unified diff of the truth; a one-line dict is split after its commas."""
    if redrawn.drawn is None:
        return []
    stored, drawn = (
        str(row["text"]).replace(", '", ",\n '").splitlines()
        for row in (redrawn.stored, redrawn.drawn)
    )
    return list(difflib.unified_diff(stored, drawn, "stored", "drawn", lineterm="", n=1))


def region_difference(redrawn: Redrawn, limit: int = 10) -> list[str]:
    """The first regions that differ, stored and drawn."""
    if redrawn.drawn is None:
        return []
    stored, drawn = redrawn.stored["regions"], redrawn.drawn["regions"]
    lines = []
    if len(stored) != len(drawn):
        lines.append(f"{len(stored)} regions are stored, {len(drawn)} were drawn")
    pairs = (p for p in zip(stored, drawn, strict=False) if p[0] != p[1])
    for old, new in list(pairs)[:limit]:
        lines += [f"- {_region(old)}", f"+ {_region(new)}"]
    return lines


def pixel_difference(redrawn: Redrawn) -> str:
    """How many pixels differ, by how much and where."""
    if redrawn.drawn is None or redrawn.pixels_agree:
        return ""
    stored, drawn = (_pixels(row) for row in (redrawn.stored, redrawn.drawn))
    if stored.shape != drawn.shape:
        sizes = " and ".join(f"{p.shape[1]}x{p.shape[0]}" for p in (stored, drawn))
        return f"the sizes differ: {sizes}"
    difference = np.abs(stored.astype(int) - drawn).max(-1)
    rows, columns = np.nonzero(difference)
    box = f"[{columns.min()}, {rows.min()}, {columns.max() + 1}, {rows.max() + 1}]"
    return (
        f"{len(rows)} of {difference.size} pixels differ by up to {difference.max()}, within {box}"
    )


def encoded(row: StoredRow, suffix: str) -> bytes:
    """The picture of a row in the format of a file name's suffix; unchanged if it has this format.

    Raises:
        UsageError: the suffix is not of a picture format.
    """
    data: bytes = row["image"]["bytes"]
    formats = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
    wanted = formats.get(suffix.lower())
    if wanted is None:
        raise UsageError(
            f"a picture cannot be written as {suffix or 'a file without suffix'!r}",
            "use .png, .jpeg or .webp",
        )
    with Image.open(io.BytesIO(data)) as image:
        if image.format == wanted:
            return data
        stream = io.BytesIO()
        image.save(stream, wanted)
        return stream.getvalue()


def _tasks(generator: Generator, recipe: Recipe, keys: set[str]) -> dict[str, Task]:
    found: dict[str, Task] = {}
    for task in generator.tasks(recipe):
        if task.key in keys:
            found[task.key] = task
            if len(found) == len(keys):
                break
    return found


def _outcome(row: StoredRow, result: bytes | JobFailure) -> Redrawn:
    if isinstance(result, JobFailure):
        return Redrawn(row, None, f"{result.reason}: {result.detail}")
    data, rejections = pickle.loads(result)
    drawn = deserialize(data).to_pylist() if data else []
    for candidate in drawn:
        if candidate["id"] == row["id"]:
            return Redrawn(row, candidate)
    reasons = ", ".join(f"{r.reason} {r.detail}".strip() for r in rejections if not r.retried)
    return Redrawn(row, None, f"the task gave no such sample: {reasons or 'no reason'}")


def _hash(data: bytes) -> str:
    try:
        return pixel_hash(data)
    except Exception as error:  # a damaged picture differs from every other
        return f"unreadable: {error}"


def _pixels(row: StoredRow) -> Any:
    try:
        with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
            return np.asarray(image.convert("RGB"))
    except Exception as error:  # decoders raise many types
        raise VaryError(f"the picture of {row['id']} does not decode: {error}") from error


def _region(region: Mapping[str, Any]) -> str:
    box = ", ".join(f"{value:.2f}" for value in region["bbox"])
    return f"{region['role']} {region['text']!r} [{box}]"
