"""The pyecharts backend inside its kind: samples, and what happens when its browser dies."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import psutil
import pytest

from renderers.charts.backend import ToolNotFound
from renderers.charts.echarts import find_browser, find_echarts_js
from vary_data.base.errors import ToolMissing, WorkerBroken
from vary_data.base.seed import TaskSeed
from vary_data.engine.generator import TaskRunner
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators.render_charts import Options, RenderCharts

RECIPE = Recipe("render-charts", "charts-zh", "zh", Options(num_samples=4, backend="pyecharts"))
TASKS = RenderCharts().tasks(RECIPE)


def seed_of(index: int) -> TaskSeed:
    return TaskSeed.of(0, RECIPE.generator, TASKS[index].key)


def drivers() -> set[psutil.Process]:
    """Playwright's processes, also those that other tests of this process left open."""
    return {p for p in psutil.Process().children() if "node" in p.name()}


@pytest.fixture
def performer() -> Iterator[TaskRunner]:
    try:
        find_browser()
        find_echarts_js()
    except ToolNotFound as error:
        pytest.skip(str(error))
    opened = RenderCharts().open(RECIPE)
    yield opened
    opened.close()


def test_samples_are_whole_and_the_same_from_any_worker(performer: TaskRunner) -> None:
    other = RenderCharts().open(RECIPE)
    try:
        for index in range(4):
            *_, sample = performer.run(TASKS[index], seed_of(index))
            *_, again = other.run(TASKS[3 - index], seed_of(3 - index))
            *_, again = other.run(TASKS[index], seed_of(index))
            assert isinstance(sample, Sample)
            assert sample == again
            assert sample.renderer == "pyecharts"
            truth = ast.literal_eval(sample.text)
            assert {"title", "source", "x_title", "y_title", "values"} <= set(truth)
            if truth["title"] != "None":
                assert truth["title"] in {r.text for r in sample.regions if r.role == "title"}
    finally:
        other.close()


def test_a_dead_browser_breaks_the_worker_not_the_sample(request: pytest.FixtureRequest) -> None:
    before = drivers()
    performer = request.getfixturevalue("performer")
    (driver,) = drivers() - before
    (browser,) = driver.children()
    browser.kill()
    with pytest.raises(WorkerBroken):
        list(performer.run(TASKS[0], seed_of(0)))


def test_a_missing_browser_is_a_missing_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARY_BROWSER", "/no/such/browser")
    with pytest.raises(ToolMissing, match="no/such/browser"):
        RenderCharts().open(RECIPE)
