"""The generator `crop`: tables, formulas and other blocks of pages as samples of their own."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from renderers.picture import ImageFormat, encode
from renderers.region_tree import moved, subset
from renderers.roles import BLOCKS, TABLE
from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.region_tree import blocks
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.dataset.row_kinds import RowKind
from vary_data.engine.generator import Task
from vary_data.engine.rows import region_of
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.generators.stored_rows import StoredRows
from vary_data.targets.tables.latex import latex
from vary_data.targets.tables.markdown import markdown
from vary_data.targets.tables.row_table import table_at

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig
    from vary_data.engine.recipe import Recipe

CROP = RowKind(
    "crop",
    label="blocks of pages, cut out, with their text",
    scoring="page",
    reading_order=True,
)


@dataclass(frozen=True, slots=True)
class CropOptions:
    """Settings of the generator `crop`."""

    dataset: str = option("", role="path", argument=True, metavar="DATASET")
    """A dataset folder or a configuration's."""
    roles: tuple[str, ...] = option(("table", "formula"))
    """Roles of the blocks: table, formula, code, …"""
    margin: int = option(6, range=(0, 200))
    """Pixels around a block."""
    min_side: int = option(16, range=(1, None))
    """Smallest width and height of a crop, in pixels."""


class Crop:
    """The generator `crop`: a task per row that has a block of the roles, a sample per block."""

    name = "crop"
    label = "crop"
    Options = CropOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """The tasks in the order of the rows. Crops keep their document.

        Raises:
            UsageError: no dataset or an unknown role was given.
            SourceError: the dataset cannot be read, or no row has such a block.
        """
        roles = _roles(recipe)
        tasks = []
        for config in _configs(recipe):
            for row in config.rows(["id", "doc_id", "regions"]):
                count = sum(row["regions"][i]["role"] in roles for i in blocks(row["regions"]))
                if count:
                    key = f"{recipe.name}-{stable_hash(config.name, row['id']):016x}"
                    params = {"folder": str(config.path), "id": row["id"]}
                    tasks.append(Task(key, row["doc_id"], count, params))
        if not tasks:
            raise SourceError(
                f"no row of {recipe.options.dataset} has a region of the roles {', '.join(roles)}",
                "`vary-data preview` shows the regions",
            )
        return tasks

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kind of crops."""
        return (CROP,)

    def open(self, recipe: Recipe) -> CropTaskRunner:
        """Nothing but the recipe is needed."""
        return CropTaskRunner(recipe)


class CropTaskRunner:
    """Cuts blocks out of stored rows."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._roles = _roles(recipe)
        self._rows = StoredRows()

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        """A sample or a rejection for each block, in reading order."""
        row = self._rows.row(str(task.params["folder"]), str(task.params["id"]))
        with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
            pixels = np.asarray(image.convert("RGB"))
        found = [i for i in blocks(row["regions"]) if row["regions"][i]["role"] in self._roles]
        for number, index in enumerate(found):
            yield self._crop(task, seed, row, pixels, index, f"{task.key}#{number}")

    def close(self) -> None:
        """Nothing is open."""

    def _crop(
        self,
        task: Task,
        seed: TaskSeed,
        row: Mapping[str, Any],
        pixels: np.ndarray[Any, np.dtype[np.uint8]],
        index: int,
        key: str,
    ) -> Outcome:
        options = self._recipe.options
        block = row["regions"][index]
        x0, y0, x1, y1 = block["bbox"]
        left, top = (max(0, math.floor(edge) - options.margin) for edge in (x0, y0))
        right = min(pixels.shape[1], math.ceil(x1) + options.margin)
        bottom = min(pixels.shape[0], math.ceil(y1) + options.margin)
        text = _text(row, index)
        if not text.strip():
            return Rejection(key, "no-text", f"{block['role']} without a text")
        if min(right - left, bottom - top) < options.min_side:
            return Rejection(key, "too-small", f"{right - left} x {bottom - top} pixels")
        form = cast(ImageFormat, self._recipe.image_format)
        regions = tuple(map(region_of, row["regions"]))
        kept = subset(regions, _below(row["regions"], index))
        return Sample(
            id=key,
            image=encode(np.ascontiguousarray(pixels[top:bottom, left:right]), form),
            image_format=form,
            width=right - left,
            height=bottom - top,
            text=text,
            prompt=prompts.pick(seed.generator(), row["format"], row["lang"]),
            kind=CROP.name,
            format=row["format"],
            lang=row["lang"],
            doc_id=row["doc_id"],
            source=row["source"],
            license=row["license"],
            renderer=row["renderer"],
            template=row["template"],
            seed=seed.value,
            regions=tuple(moved(kept, -left, -top)),
            meta={
                "origin": row["id"],
                "role": block["role"],
                "box": [left, top, right, bottom],
                "page": json.loads(row["meta"]),
            },
        )


def _text(row: Mapping[str, Any], index: int) -> str:
    """The text of a block; of a table whose texts are in its cells, in the format of the row."""
    block = row["regions"][index]
    if block["text"].strip() or block["role"] != TABLE:
        return str(block["text"])
    try:
        table = table_at(row["regions"], index)
    except Rejected:
        return ""
    if row["format"] == "mmd":
        return latex(table)
    if row["format"] == "markdown":
        return markdown(table)
    return "\n".join(" ".join(filter(None, texts)) for texts in table.texts())


def _roles(recipe: Recipe) -> tuple[str, ...]:
    roles: tuple[str, ...] = recipe.options.roles
    for role in roles:
        if role not in BLOCKS:
            raise UsageError(f"{role!r} is no role of blocks", nearest(role, BLOCKS))
    return roles


def _configs(recipe: Recipe) -> Sequence[DatasetConfig]:
    from vary_data.dataset.reader import Dataset

    if not recipe.options.dataset:
        raise UsageError("no dataset was given", "use `vary-data crop FOLDER`")
    return Dataset.open(location(recipe.options.dataset)).configs


def _below(regions: Sequence[Mapping[str, Any]], index: int) -> list[int]:
    """A region and what is below it, except what lies outside of its box (captions)."""
    x0, y0, x1, y1 = regions[index]["bbox"]

    def inside(region: Mapping[str, Any]) -> bool:
        left, top, right, bottom = region["bbox"]
        return bool(x0 <= (left + right) / 2 <= x1 and y0 <= (top + bottom) / 2 <= y1)

    def belongs(at: int) -> bool:
        parent = regions[at]["parent"]
        return at == index or (parent is not None and belongs(parent))

    return [i for i, region in enumerate(regions) if belongs(i) and inside(region)]
