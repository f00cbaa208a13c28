"""What both chart generators share: open backends, drawing until the audit passes."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from renderers.charts.backend import (
    BackendDied,
    ChartBackend,
    ToolNotFound,
)
from renderers.charts.catalog import CATALOG
from renderers.charts.panels.spec import PanelSpec
from renderers.charts.spec import ChartSpec
from renderers.charts.truth import literal
from renderers.fonts import Family, families, packages
from renderers.picture import ImageFormat, encode
from vary_data.base.errors import ToolMissing, WorkerBroken
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.generators.drawn_chart import DrawnChart, panel_chart, plain_chart

ATTEMPTS = 4
BACKENDS = {
    "matplotlib": "renderers.charts.matplotlib.backend:MatplotlibBackend",
    "pyecharts": "renderers.charts.echarts:EchartsBackend",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a chart's content comes from, as its sample records it."""

    kind: str
    source: str
    license: str
    meta: Mapping[str, Any]


def backend_types(name: str) -> list[str]:
    """The catalog's types that a backend draws, in the catalog's order.

    Raises:
        ToolMissing: the backend cannot be loaded.
    """
    drawn: frozenset[str] = _backend_class(name).types
    return [entry for entry in CATALOG if entry in drawn]


def drawn_types(backends: Iterable[str]) -> tuple[str, ...]:
    """The types that at least one of the backends draws and records may have, in the catalog's
    order."""
    drawn = {type_ for backend in backends for type_ in backend_types(backend)}
    return tuple(name for name, entry in CATALOG.items() if name in drawn and entry.recorded)


def open_backends(
    names: Iterable[str],
    lang: str,
    size: tuple[int, int] | None = None,
    looks: Sequence[str] | None = None,
    fonts: Sequence[Family] = (),
) -> dict[str, ChartBackend]:
    """The opened backends by name. `fonts` are drawn in place of the built-in families.

    Raises:
        ToolMissing: a backend needs something that is not installed, or no font covers `lang`.
    """
    if not (fonts or families(lang)):
        raise ToolMissing(
            f"none of the fonts for --lang {lang} is installed",
            f"install {packages(lang)[0]}; `vary-data doctor` lists all of them",
        )
    return {name: _open(name, size, looks, fonts) for name in names}


def draw(
    recipe: Recipe,
    task: Task,
    seed: TaskSeed,
    backend: ChartBackend,
    spec_of: Callable[[np.random.Generator], ChartSpec | PanelSpec],
    origin: Origin,
) -> Iterator[Outcome]:
    """Up to `ATTEMPTS` charts or figures until one passes its audit, with a rejection for each
    failed one."""
    for attempt in range(ATTEMPTS):
        rng = seed.generator(attempt)
        spec = spec_of(rng)
        try:
            chart = _drawn(backend, spec, rng)
        except Rejected as rejected:
            retried = attempt + 1 < ATTEMPTS
            detail = f"{spec.type}: {rejected.detail}"
            yield Rejection(task.key, rejected.reason, detail, attempt, retried)
            continue
        except BackendDied as error:
            raise WorkerBroken(error.message, error.hint) from error
        yield _sample(recipe, task, seed, attempt, backend.name, chart, origin)
        return


def _drawn(
    backend: ChartBackend, spec: ChartSpec | PanelSpec, rng: np.random.Generator
) -> DrawnChart:
    if isinstance(spec, PanelSpec):
        return panel_chart(spec, backend.render_figure(spec, rng))
    return plain_chart(spec, backend.render(spec, rng))


def _sample(
    recipe: Recipe,
    task: Task,
    seed: TaskSeed,
    attempt: int,
    backend: str,
    chart: DrawnChart,
    origin: Origin,
) -> Sample:
    image_format = cast(ImageFormat, recipe.image_format)
    picture = chart.picture
    prompt_rng = seed.generator(attempt, "prompt")
    return Sample(
        id=task.key,
        image=encode(picture.pixels, image_format),
        image_format=image_format,
        width=picture.width,
        height=picture.height,
        text=literal(chart.truth),
        prompt=prompts.pick(prompt_rng, "dict", chart.lang),
        kind=origin.kind,
        format="dict",
        lang=chart.lang,
        doc_id=task.doc_id,
        source=origin.source,
        license=origin.license,
        renderer=backend,
        template=chart.meta["type"],
        seed=seed.value,
        attempt=attempt,
        regions=picture.regions,
        meta={"backend": backend, **chart.meta, **origin.meta},
    )


def _backend_class(name: str) -> Any:
    module, _, attribute = BACKENDS[name].partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise ToolMissing(f"chart backend {name} cannot be loaded ({error})", "") from error


def _open(
    name: str,
    size: tuple[int, int] | None,
    looks: Sequence[str] | None,
    fonts: Sequence[Family],
) -> ChartBackend:
    backend = _backend_class(name)
    settings: dict[str, Any] = {"size": size}
    if looks is not None:
        settings["looks"] = looks
    if fonts:
        settings["fonts"] = fonts
    try:
        return cast(ChartBackend, backend(**settings))
    except ToolNotFound as error:
        raise ToolMissing(error.message, error.hint) from error
