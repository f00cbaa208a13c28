"""What the golden files hold: split assignment, plan ids, and one sample of each kind.

Samples are compared by their columns and regions, never by the bytes of an image.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tools.in_process import InProcess, pools
from vary_data import Recipe, generate, generators, make_recipe, open_dataset
from vary_data.engine.plan import RunPlan, split_of

HERE = Path(__file__).parent
FILES = HERE / "files"
INPUTS = HERE / "inputs"

DOCUMENTS = tuple(f"document-{i:03d}" for i in range(200))
SHARES = {"train": 0.8, "validation": 0.15, "test": 0.05}
COLUMNS = (
    "id", "text", "kind", "format", "lang", "doc_id", "source", "license", "renderer",
    "template", "width", "height", "seed", "attempt",
)  # fmt: skip


def splits(shares: dict[str, float] | None = None) -> dict[str, str]:
    """The split of each of the 200 documents."""
    recipe = make_recipe("render-charts", splits=shares or SHARES)
    return {name: split_of(name, recipe) for name in DOCUMENTS}


def plan() -> dict[str, Any]:
    """The plan of a small recipe: its id depends on the recipe, the tasks and the version."""
    recipe = make_recipe(
        "render-charts", lang="zh", seed=7, splits=SHARES, samples_per_shard=10, num_samples=40
    )
    resolved = RunPlan.resolve(recipe, generators.load(recipe.generator))
    shards = {shard.file_name: list(shard.tasks) for shard in resolved.shards}
    return {**resolved.to_dict(), "shards": shards}


@dataclass(frozen=True, slots=True)
class RowCase:
    """One generator run; of its rows, the first of each kind is golden.

    `tolerance` is how far, in pixels, a side of a region may move: browsers differ a little from
    version to version, everything else is pinned.
    """

    name: str
    recipe: Callable[[Path], Recipe]
    tolerance: float = 0.5


def rows(case: RowCase, folder: Path) -> dict[str, Any]:
    """Make the case's dataset in `folder`: the ids of all rows, and the first row of each kind."""
    result = generate(case.recipe(folder), folder / "out", workers=1)
    ids: list[str] = []
    found: dict[str, dict[str, Any]] = {}
    for row in open_dataset(result.path).configs[0].rows():
        ids.append(row["id"])
        found.setdefault(row["kind"], _plain(row))
    return {"ids": ids, "rows": list(found.values())}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its image; every region is one line."""
    regions = [_region(place, region) for place, region in enumerate(row["regions"])]
    questions = [
        "".join(part["text"] or "<image>" for part in message["content"])
        for message in row["messages"]
        if message["role"] == "user"
    ]
    return {**{name: row[name] for name in COLUMNS}, "prompt": questions, "regions": regions}


def _region(place: int, region: dict[str, Any]) -> list[Any]:
    """Text, role, what else is not null or as usual, then sides, in pixels."""
    sides = [*region["bbox"], *(region["quad"] or ())]
    rest = [
        f"{name} {value}"
        for name, value in region.items()
        if name not in ("text", "role", "bbox", "quad")
        and value is not None
        and (name, value) != ("order", place)
    ]
    return [region["text"], region["role"], ", ".join(rest), *(round(side, 1) for side in sides)]


def _charts(lang: str, backend: str, *types: str) -> Callable[[Path], Recipe]:
    return lambda folder: make_recipe(
        "render-charts", lang=lang, num_samples=1, backend=backend, types=types
    )


def _semantic(folder: Path) -> Recipe:
    return make_recipe("semantic-charts", lang="zh", num_samples=1, backend="matplotlib")


def _pages(folder: Path) -> Recipe:
    return make_recipe("pages", src=_copies(folder, "page.pdf"), license="CC0-1.0")


def _web_pages(folder: Path) -> Recipe:
    return make_recipe("web-pages", num_samples=1, genres=["invoice"], long_side=640)


def _latex(folder: Path) -> Recipe:
    return make_recipe(
        "latex",
        src=_copies(folder, "paper.tex"),
        templates=["article"],
        crops=["tables", "formulas"],
        timeout=300,
        license="CC0-1.0",
    )


def _negatives(folder: Path) -> Recipe:
    (photo,) = _copies(folder / "train2017", "photo.jpg")
    photo.rename(photo.with_name("000000000001.jpg"))
    return make_recipe("negatives", lang="zh", coco=folder, license="CC0-1.0")


def _import(folder: Path) -> Recipe:
    _copies(folder, "photo.jpg")
    row = {
        "id": "1",
        "image": "photo.jpg",
        "conversations": [
            {"from": "human", "value": "<image>\nWhat is in the picture?"},
            {"from": "gpt", "value": "A gradient."},
        ],
    }
    (folder / "data.json").write_text(json.dumps([row]))
    return make_recipe("import", dataset="llava", src=folder / "data.json")


def _docvqa(folder: Path) -> Recipe:
    (picture,) = _copies(folder / "documents", "photo.jpg")
    row = {
        "questionId": 1,
        "image": f"documents/{picture.name}",
        "ucsf_document_id": "x",
        "question": "When?",
        "answers": ["4/29/2005", "April 29"],
    }
    (folder / "train_v1.0_withQT.json").write_text(json.dumps({"data": [row]}))
    return make_recipe("import", dataset="docvqa", src=folder)


def _laion_coco(folder: Path) -> Recipe:
    (picture,) = _copies(folder / "00000", "photo.jpg")
    picture.with_suffix(".txt").write_text("a gradient")
    return make_recipe("import", dataset="laion-coco", src=folder)


def _mix(folder: Path) -> Recipe:
    parts = []
    for lang, count in (("en", 3), ("zh", 2)):
        with pools(InProcess):
            made = generate("render-charts", folder / "parts", workers=1, lang=lang, num_samples=2)
        parts.append({"path": "parts", "config": made.name, "count": count})
    mixture = folder / "mixture.yaml"
    mixture.write_text(json.dumps({"datasets": parts, "seed": 1}))  # JSON is YAML
    return make_recipe("mix", name="mix", mixture=mixture)


def _copies(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(INPUTS / name, folder)) for name in names]


ROWS: Iterable[RowCase] = (
    RowCase("charts-matplotlib-en", _charts("en", "matplotlib", "bar")),
    RowCase("charts-matplotlib-zh", _charts("zh", "matplotlib", "pie")),
    RowCase("charts-pyecharts-en", _charts("en", "pyecharts", "line"), tolerance=4),
    RowCase("semantic-charts", _semantic),
    RowCase("pages", _pages),
    RowCase("web-pages", _web_pages, tolerance=4),
    RowCase("latex", _latex),
    RowCase("negatives", _negatives),
    RowCase("import", _import),
    RowCase("import-docvqa", _docvqa),
    RowCase("import-laion-coco", _laion_coco),
    RowCase("mix", _mix),
)
