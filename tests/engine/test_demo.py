"""The demo on a machine without a browser."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from vary_data.cli import group
from vary_data.engine.recipe import Recipe


def test_without_a_browser_the_demo_stops_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.delenv("VARY_BROWSER", raising=False)
    done = CliRunner().invoke(group, ["demo", "-o", str(tmp_path / "out")])
    said = f"{done.output}{done.exception}"
    assert done.exit_code != 0
    assert "no Chromium was found" in said
    assert "--backend matplotlib needs none" in said
    assert list(tmp_path.iterdir()) == []


def test_the_demo_without_a_browser_has_no_part_that_needs_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Recipe] = []
    module = import_module("vary_data.cli.run")
    monkeypatch.setattr(module, "run_all", lambda recipes, flags: made.extend(recipes))
    (tmp_path / "out/.sources/demo").mkdir(parents=True)
    command = ["demo", "--backend", "matplotlib", "--dry-run", "-o", str(tmp_path / "out")]
    assert CliRunner().invoke(group, command).exit_code == 0
    backends = {getattr(recipe.options, "backend", None) for recipe in made}
    assert backends == {None, "matplotlib"}
    generators = {recipe.generator for recipe in made}
    assert generators == {"render-charts", "semantic-charts", "pages", "latex", "negatives"}
