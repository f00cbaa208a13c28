from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vary_data.base.errors import UsageError
from vary_data.cli.generate import expand
from vary_data.engine.recipe_file import PACKAGED, VARIABLE, read

SFT = {"llava": "a.json", "docvqa": "d", "chartqa": "c"}


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_recipes_are_whole(name: str) -> None:
    built_in = {"demo": "/inputs", "samples": "/samples"}
    found = read(name, SFT if name == "vary-base-sft" else {}, built_in=built_in)
    recipes = [recipe for entry in found.entries for recipe in expand(entry)]
    assert len({recipe.name for recipe in recipes}) == len(recipes) >= 3
    assert not VARIABLE.search(json.dumps([recipe.to_dict()["options"] for recipe in recipes]))


def test_a_folder_hides_no_packaged_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read("demo", built_in={"demo": "/inputs", "samples": "/samples"}).entries


def test_the_papers_proportions_and_scale() -> None:
    recipes = [
        recipe.scaled(0.001)
        for entry in read("recipes/vary-tiny.yaml").entries
        for recipe in expand(entry)
    ]
    counts = {recipe.name: getattr(recipe.options, "num_samples", 0) for recipe in recipes}
    assert counts["charts-matplotlib-en"] == counts["charts-matplotlib-zh"] == 250
    assert counts["charts-pyecharts-zh"] == 500
    assert recipes[-1].options.n == 120


def test_variables(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(
        'variables: {data: "{demo}/x", other: null}\n'
        'configurations: [{generator: pages, options: {src: ["{data}", "{other}"]}}]'
    )
    with pytest.raises(UsageError, match="needs a value for 'other'; add --var other="):
        read(str(file))
    found = read(str(file), {"other": 'a "quoted" \\ place'}, built_in={"demo": "D"})
    assert found.entries[0]["options"]["src"] == ["D/x", 'a "quoted" \\ place']
    assert found.needs_demo_inputs
    with pytest.raises(UsageError, match="has no variable 'othr'; did you mean 'other'"):
        read(str(file), {"othr": "x"})


@pytest.mark.slow
def test_a_stage_runs_end_to_end_in_small(tmp_path: Path) -> None:
    command = f"run vary-tiny --scale 0.00002 -j 1 -o {tmp_path / 'out'} --json -q"
    done = subprocess.run(
        [sys.executable, "-m", "vary_data", *command.split()], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    samples = {c["name"]: c["samples"] for c in json.loads(done.stdout)["configurations"]}
    assert samples["charts-matplotlib-zh"] == 5
    assert samples["charts-pyecharts-en"] == 10
    assert samples["pages-en"] >= 4
    assert samples["negatives-en"] == 2
