"""Two small generators that draw with Pillow only, and the datasets of the quality tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw, ImageFont

from renderers.picture import Region, encode
from renderers.roles import WORD
from tests.tools.in_process import InProcess, pools
from vary_data import generators
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.executors.local import run
from vary_data.engine.generator import Task
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators.prompts import pick

CHARTS, PAGES = "toys-en", "sheets-en"
"""Names of the configurations that `write_toy_dataset` makes."""
LATIN = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
CATEGORIES = ("Wheat", "Barley", "Maize", "Rice", "Oats", "Millet", "Rye", "Sorghum")
PLACES = ("Norway", "Kenya", "Peru", "Vietnam", "Canada", "Ghana")
COLORS = ("#2a78d6", "#1baa7a", "#d9a400", "#6a5acd", "#e0533d", "#0f7f9c")
LINES = (
    "The reading room opens at nine and closes at dusk.",
    "Every map that was lent in spring came back in autumn.",
    "A ledger of 1,204 entries names the borrowers.",
    "Rain fell on 17 days of the month; the roof held.",
    "The letters in the blue cabinet were never counted.",
)


class _Canvas:
    """A white picture that records every text drawn on it as a region."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.regions: list[Region] = []

    def text(self, at: tuple[float, float], text: str, role: str, size: int = 14) -> None:
        font = ImageFont.truetype(str(LATIN), size)
        box = self.draw.textbbox(at, text, font=font, anchor="mt")
        self.draw.text(at, text, fill="#222222", font=font, anchor="mt")
        self.regions.append(Region(tuple(float(v) for v in box), text, role))  # type: ignore[arg-type]
        start = box[0]
        for word in text.split():
            length = font.getlength(word)
            self.regions.append(Region((start, box[1], start + length, box[3]), word, WORD))
            start += font.getlength(word + " ")

    def sample(self, image_format: str, **columns: object) -> Sample:
        pixels = np.asarray(self.image)
        return Sample(
            image=encode(pixels, image_format),  # type: ignore[arg-type]
            image_format=image_format,  # type: ignore[arg-type]
            width=self.image.width,
            height=self.image.height,
            regions=tuple(self.regions),
            renderer="pillow",
            license="CC0-1.0",
            **columns,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class ToyOptions:
    n: int = 12


class ToyCharts:
    """Bar charts with printed values; every fifth task is rejected, every third drawn twice."""

    name = "toy-charts"
    label = "toys"
    Options = ToyOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        keys = [f"toy-{i:04d}" for i in range(recipe.options.n)]
        return [Task(key, key, params={"number": i}) for i, key in enumerate(keys)]

    def open(self, recipe: Recipe) -> ChartTaskRunner:
        return ChartTaskRunner(recipe)


@dataclass(frozen=True, slots=True)
class ChartTaskRunner:
    recipe: Recipe

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        if task.params["number"] % 5 == 4:
            yield Rejection(task.key, "overlap", "labels lie on each other", 2)
            return
        attempt = int(task.params["number"] % 3 == 2)
        if attempt:
            yield Rejection(task.key, "cut", "the title leaves the picture", 0, retried=True)
        yield self.draw(task, seed, attempt)

    def draw(self, task: Task, seed: TaskSeed, attempt: int) -> Sample:
        rng = seed.generator(attempt)
        canvas = _Canvas(int(rng.integers(520, 760)), int(rng.integers(360, 460)))
        width, height = canvas.image.size
        count = int(rng.integers(3, 7))
        names = [CATEGORIES[i] for i in rng.permutation(len(CATEGORIES))[:count]]
        values = rng.integers(10, 999, count).tolist()
        title = f"Harvest in {PLACES[int(rng.integers(len(PLACES)))]}, {rng.integers(1990, 2026)}"
        canvas.text((width / 2, 18), title, "title", 20)
        color = COLORS[int(rng.integers(len(COLORS)))]
        step, base = (width - 80) / count, height - 80
        for i, (name, value) in enumerate(zip(names, values, strict=True)):
            middle, top = 40 + step * (i + 0.5), base - (base - 90) * value / 999
            bar = (middle - step * 0.3, top, middle + step * 0.3, base)
            canvas.draw.rounded_rectangle(bar, 4, fill=color)
            canvas.regions.append(Region(bar, "", "mark"))
            canvas.text((middle, top - 18), f"{value} t", "value")
            canvas.text((middle, base + 8), name, "x_tick")
        canvas.text((width / 2, height - 26), "Source: Ministry of Grain", "source", 11)
        truth = {
            "title": title,
            "source": "Source: Ministry of Grain",
            "x_title": "None",
            "y_title": "None",
            "values": {n: f"{v} t" for n, v in zip(names, values, strict=True)},
        }
        return canvas.sample(
            self.recipe.image_format,
            id=task.key,
            text=repr(truth),
            prompt=pick(rng, "dict", "en"),
            kind="chart",
            format="dict",
            lang="en",
            doc_id=task.doc_id,
            source="made for tests",
            template="plain",
            seed=seed.value,
            attempt=attempt,
            meta={"type": "bar", "labels": True},
        )

    def close(self) -> None:
        pass


class ToyPages:
    """Documents of two pages of plain text."""

    name = "toy-pages"
    label = "sheets"
    Options = ToyOptions

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        return [Task(f"sheet-{i:03d}", f"book-{i:03d}", 2) for i in range(recipe.options.n)]

    def open(self, recipe: Recipe) -> PageTaskRunner:
        return PageTaskRunner(recipe)


@dataclass(frozen=True, slots=True)
class PageTaskRunner:
    recipe: Recipe

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        for page in (1, 2):
            rng = seed.generator(stream=str(page))
            canvas = _Canvas(640, 800)
            lines = [LINES[i] for i in rng.permutation(len(LINES))[:3]]
            for i, line in enumerate([f"Page {page} of {task.key}", *lines]):
                canvas.text((320, 60 + 36 * i), line, "line", 16)
            yield canvas.sample(
                self.recipe.image_format,
                id=f"{task.key}#{page}",
                text="\n".join([f"Page {page} of {task.key}", *lines]),
                prompt=pick(rng, "plain", "en"),
                kind="page",
                format="plain",
                lang="en",
                doc_id=task.doc_id,
                source="made for tests",
                template="",
                seed=seed.value,
                meta={},
            )

    def close(self) -> None:
        pass


def make(out: Path, **fields: Any) -> None:
    """Run one recipe completely."""
    generator = generators.load(fields["generator"])
    recipe = Recipe.from_dict(fields, generator.Options)
    with pools(InProcess):
        run(RunPlan.resolve(recipe, generator), out, generators.load, workers=1)


def write_toy_dataset(out: Path) -> Path:
    """Write a dataset of two configurations: 20 charts in two splits, 8 pages in one."""
    make(
        out,
        generator=f"{__name__}:ToyCharts",
        name=CHARTS,
        lang="en",
        options={"n": 25},
        splits={"train": 0.7, "validation": 0.3},
        samples_per_shard=8,
    )
    make(
        out,
        generator=f"{__name__}:ToyPages",
        name=PAGES,
        lang="en",
        options={"n": 4},
        image_format="jpeg",
    )
    return out


Edit = Callable[[list[dict[str, Any]]], list[dict[str, Any]] | None]


def rewrite(path: Path, edit: Edit) -> None:
    """Change the rows of a shard and keep its footer."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows = edit(rows) or rows
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path, row_group_size=4)
