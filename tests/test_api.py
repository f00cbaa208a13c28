"""`from vary_data import …`: what the commands do, as functions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import vary_data
from tests.tools.in_process import tasks_in_this_process, worker_processes  # noqa: F401
from vary_data import Recipe, generate, make_recipe, open_dataset, validate
from vary_data.api import expand
from vary_data.base.errors import PlanMismatch, SourceError, UsageError
from vary_data.dataset.languages import languages
from vary_data.engine.run import RunSettings, TooManyRejected, check_reject_rate
from vary_data.generators.prompts import has_prompts

ROOT = Path(__file__).resolve().parents[1]
FAULTY = "tests.faults.faulty:FaultyGenerator"


@pytest.mark.worker_processes
def test_a_dataset_is_made_opened_and_validated(tmp_path: Path) -> None:
    splits = {"train": 0.5, "validation": 0.5}
    result = generate("render-charts", tmp_path, num_samples=6, workers=1, splits=splits)
    assert (result.name, result.samples, result.shards) == ("charts-en", 6, 2)
    assert result.path == tmp_path / "charts-en"

    (config,) = open_dataset(tmp_path).configs
    assert config.plan_id == result.plan_id
    assert sorted(row["id"] for row in config.rows(["id"])) == [
        f"charts-en-{i:07d}" for i in range(6)
    ]
    report = validate(tmp_path, deep=True, workers=1, replays=1)
    assert (report.clean, report.rows, report.replayed) == (True, 6, 1)


def test_the_command_and_the_function_make_the_same_plan(tmp_path: Path) -> None:
    recipe = make_recipe("render-charts", lang="zh", seed=3, num_samples=2, types=("bar", "pie"))
    result = generate(recipe, tmp_path, workers=1)
    command = ["render-charts", "--lang", "zh", "--seed", "3", "-n", "2", "--types", "bar,pie"]
    finished = subprocess.run(
        [sys.executable, "-m", "vary_data", *command, "-o", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert "all 1 shards are" in finished.stderr
    assert open_dataset(tmp_path).config("charts-zh").plan_id == result.plan_id


def test_rejections_are_part_of_the_result(tmp_path: Path) -> None:
    result = generate(FAULTY, tmp_path, workers=1, num_samples=4, faults=["1:raise", "2:raise"])
    assert (result.samples, len(result.rejections), result.reject_rate) == (2, 2, 0.5)
    assert sum(result.reasons.values()) == 2
    check_reject_rate(result, 0.5)
    with pytest.raises(TooManyRejected, match=r"2 of 4 were rejected \(50.0%\)"):
        check_reject_rate(result, 0.4)


def test_paths_are_taken_as_strings(tmp_path: Path) -> None:
    recipe = make_recipe("pages", src=[tmp_path / "a.pdf", "b.pdf"])
    assert recipe.options.src == (str(tmp_path / "a.pdf"), "b.pdf")


def test_another_recipe_into_the_same_configuration_is_refused(tmp_path: Path) -> None:
    generate("render-charts", tmp_path, num_samples=2, workers=1)
    with pytest.raises(PlanMismatch, match="num_samples"):
        generate("render-charts", tmp_path, num_samples=1, workers=1)
    assert generate("render-charts", tmp_path, num_samples=3, workers=1).samples == 3, "it grows"


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'render-charts'"):
        generate("render-chart", tmp_path)
    with pytest.raises(UsageError, match="did you mean 'num_samples'"):
        generate("render-charts", tmp_path, num_sample=3)
    with pytest.raises(UsageError, match="already, also given: num_samples"):
        generate(make_recipe("render-charts"), tmp_path, num_samples=3)
    with pytest.raises(UsageError, match="'both' is 2 recipes"):
        make_recipe("render-charts", lang="both")
    with pytest.raises(UsageError, match=r"pages has no Arabic texts; its .* en, zh"):
        make_recipe("pages", lang="ar")
    with pytest.raises(UsageError, match="there is no language 'xx'"):
        make_recipe("web-pages", lang="xx")
    with pytest.raises(UsageError, match="unknown executor 'slurm'"):
        RunSettings(executor="slurm")
    with pytest.raises(UsageError, match="executor 'ray'"):
        RunSettings(ray_address="host:6379")
    with pytest.raises(UsageError, match="at least 1, not 0"):
        generate("render-charts", tmp_path, workers=0)
    with pytest.raises(SourceError, match="holds no dataset"):
        open_dataset(tmp_path)
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        vary_data.generat  # noqa: B018


def test_the_public_names_are_listed() -> None:
    assert {"Recipe", "generate", "open_dataset", "validate"} <= set(dir(vary_data))
    assert vary_data.Recipe is Recipe


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, vary_data; print([m for m in sys.modules if m.startswith('vary_data.')])"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (finished.stdout.strip(), finished.stderr) == ("[]", "")


@pytest.mark.parametrize("lang", [*languages()])
def test_pages_in_every_language_can_be_degraded_and_cut(lang: str) -> None:
    assert make_recipe("degrade", lang=lang, dataset="out").lang == lang
    assert has_prompts("markdown", lang)
    assert has_prompts("plain", lang)


def test_a_language_is_any_tag_for_it() -> None:
    assert make_recipe("render-charts", lang="zh-Hans").lang == "zh"
    assert make_recipe("web-pages", lang="ZH_tw").lang == "zh-Hant"
    (german, thai) = expand({"generator": "web-pages", "lang": "de-AT,th"})
    assert (german.lang, german.name) == ("de", "web-pages-de")
    assert (thai.lang, thai.name) == ("th", "web-pages-th")
    assert len(expand({"generator": "web-pages", "lang": "all"})) == len(languages())
    mixed = expand({"generator": "web-pages", "lang": ["de", "both", "en"]})
    assert [recipe.lang for recipe in mixed] == ["de", "en", "zh"]
    for value in ("en,", [], [["en"]], 3):
        with pytest.raises(UsageError, match="lang must be a language"):
            expand({"generator": "web-pages", "lang": value})
