"""The generator `crop`: tables, formulas and other blocks of pages as samples of their own."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from renderers.picture import ImageFormat, Pixels, encode
from renderers.region_tree import moved, subset
from renderers.roles import BLOCKS, CELL, FORMULA, TABLE, TAG
from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.languages import languages
from vary_data.dataset.region_tree import blocks, children, corners
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.dataset.row_kinds import RowKind
from vary_data.engine.generator import Task
from vary_data.engine.rows import region_of, to_batch
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.generators.chart_crops import panel_at, panel_places
from vary_data.generators.stored_rows import StoredRows
from vary_data.targets.regions import sound_regions
from vary_data.targets.registry import DELIMITERS
from vary_data.targets.tables.latex import latex as table_latex
from vary_data.targets.tables.markdown import markdown as table_markdown
from vary_data.targets.tables.row_table import table_at
from vary_data.targets.tables.table import Table
from vary_data.targets.target import original

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig
    from vary_data.engine.recipe import Recipe

CROP = RowKind(
    "crop",
    label="blocks of pages, cut out, with their text",
    scoring="page",
    reading_order=True,
)


PANEL_MARGIN = 2
"""Pixels around a panel, whose letter may be at its edge: its neighbors are further away."""


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
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """The tasks in the order of the rows. Crops keep their document.

        Raises:
            UsageError: no dataset or an unknown role was given.
            SourceError: the dataset cannot be read, or no row has such a block.
        """
        roles = _roles(recipe)
        tasks = []
        for config in _configs(recipe):
            for row in config.rows(["id", "doc_id", "regions", "width", "height"]):
                try:
                    count = len(_found(row, roles))
                except Rejected:
                    count = 1  # the task says why
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
        # Blocks have the page's own texts, whatever form its target has.
        row = original(self._rows.row(str(task.params["folder"]), str(task.params["id"])))
        try:
            found = _found(row, self._roles)
            pixels = _pixels(row)
        except Rejected as error:
            yield Rejection(task.key, error.reason, error.detail)
            return
        for number, index in enumerate(found):
            yield self._crop(task, seed, row, pixels, index, f"{task.key}#{number}")

    def close(self) -> None:
        """Nothing is open."""

    def _crop(
        self,
        task: Task,
        seed: TaskSeed,
        row: Mapping[str, Any],
        pixels: Pixels,
        index: int,
        key: str,
    ) -> Outcome:
        options = self._recipe.options
        block = row["regions"][index]
        if not prompts.has_prompts(row["format"], row["lang"]):
            detail = f"no prompts for {row['format']} in {row['lang']}"
            return Rejection(key, "no-prompt", detail)
        try:
            panel = panel_at(row, index)
        except Rejected as error:
            return Rejection(key, error.reason, error.detail)
        below = list(panel.regions) if panel else _below(row["regions"], index)
        # Words of a line that is bent or slanted reach out of their block. Panels touch.
        x0, y0 = (min(row["regions"][i]["bbox"][side] for i in below) for side in (0, 1))
        x1, y1 = (max(row["regions"][i]["bbox"][side] for i in below) for side in (2, 3))
        margin = PANEL_MARGIN if panel else options.margin
        left, top = (max(0, math.floor(edge) - margin) for edge in (x0, y0))
        right = min(pixels.shape[1], math.ceil(x1) + margin)
        bottom = min(pixels.shape[0], math.ceil(y1) + margin)
        if min(right - left, bottom - top) < options.min_side:
            return Rejection(key, "too-small", f"{right - left} x {bottom - top} pixels")
        form = cast(ImageFormat, self._recipe.image_format)
        regions = tuple(map(region_of, row["regions"]))
        kept = subset(regions, below)
        if panel:
            # Like the region of any chart that fills its picture.
            kept = (replace(kept[0], text=""), *kept[1:])
        page = json.loads(row["meta"])
        degraded = {"degrade": page["degrade"]} if "degrade" in page else {}
        # What is read off axes has the places of the panel's own regions.
        facts = {"panel": block["text"], **panel.meta} if panel else {"page": page, **degraded}
        sample = Sample(
            id=key,
            image=encode(np.ascontiguousarray(pixels[top:bottom, left:right]), form),
            image_format=form,
            width=right - left,
            height=bottom - top,
            text=panel.text if panel else block["text"],
            prompt=prompts.pick(seed.generator(), row["format"], row["lang"]),
            kind=row["kind"] if panel else CROP.name,
            format=row["format"],
            lang=row["lang"],
            doc_id=row["doc_id"],
            source=row["source"],
            license=row["license"],
            renderer=row["renderer"],
            template=str(facts.get("type", row["template"])) if panel else row["template"],
            seed=seed.value,
            regions=tuple(moved(kept, -left, -top)),
            meta={
                "origin": row["id"],
                "role": block["role"],
                "box": [left, top, right, bottom],
                **facts,
            },
        )
        if panel:
            return sample
        try:
            text = _text(sample)
        except Rejected as error:
            return Rejection(key, error.reason, error.detail)
        if not text.strip():
            return Rejection(key, "no-text", f"{block['role']} without a text")
        return replace(sample, text=text)


def _found(row: Mapping[str, Any], roles: Sequence[str]) -> list[int]:
    """The indices of the blocks of these roles, in reading order; of figures of several charts
    those of their panels.

    Raises:
        Rejected: the regions cannot be relied on.
    """
    regions = sound_regions(row)
    found = (i for i in blocks(regions) if regions[i]["role"] in roles)
    return [place for i in found for place in panel_places(regions, i) or [i]]


def _pixels(row: Mapping[str, Any]) -> Pixels:
    """[h, w, 3].

    Raises:
        Rejected: the picture cannot be read.
    """
    try:
        with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Rejected("unreadable-image", str(error)[:200]) from error


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


def _text(crop: Sample) -> str:
    """The text of a crop whose `text` is that of the block's region.

    That of a table may be in its cells alone; on pages in Markdown, regions have neither the cells
    of a table nor the number of a formula.

    Raises:
        Rejected: the cells are not those of a table.
    """
    block, *below = crop.regions
    has_cells = block.role == TABLE and any(region.role == CELL for region in below)
    if has_cells and (crop.format == "markdown" or not crop.text.strip()):
        (row,) = to_batch([crop]).to_pylist()
        return _table_text(table_at(row["regions"], 0), crop.format)
    if crop.format != "markdown":
        return crop.text
    if block.role == FORMULA and not crop.text.lstrip().startswith(DELIMITERS):
        numbers = (region.text.strip("()（）") for region in below if region.role == TAG)
        tags = "".join(rf"\tag{{{number}}} " for number in numbers)
        return rf"\[ {crop.text} {tags}\]"
    return crop.text


def _table_text(table: Table, form: str) -> str:
    if form == "mmd":
        return table_latex(table)
    if form == "markdown":
        return table_markdown(table)
    return "\n".join(" ".join(filter(None, texts)) for texts in table.texts())


def _below(regions: Sequence[Mapping[str, Any]], index: int) -> list[int]:
    """A region, then what is below it except what lies outside of it (captions) with its parts."""
    block = np.array(corners(regions[index])).reshape(4, 2)
    sides = np.roll(block, -1, axis=0) - block

    def inside(region: Mapping[str, Any]) -> bool:
        """Whether the center is not on the outer side of a side; corners are clockwise."""
        ways = np.array(corners(region)).reshape(4, 2).mean(0) - block
        return bool((sides[:, 0] * ways[:, 1] - sides[:, 1] * ways[:, 0] >= 0).all())

    found = [index]
    below = children(regions)
    for at in found:
        found += [child for child in below[at] if inside(regions[child])]
    return [index, *sorted(found[1:])]
