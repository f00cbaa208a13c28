"""`vary-data demo`: the packaged demo recipe, then a page to look at."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import click

from vary_data.cli.generate import RUN_FLAGS, expand, flags, run_all
from vary_data.recipe import load_yaml


@click.command(name="demo")
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """A few hundred samples of every kind, from inputs that come with the package."""
    if ctx.get_parameter_source("output") is click.core.ParameterSource.DEFAULT:
        given["output"] = "out/demo"
    with resources.as_file(resources.files("vary_data") / "recipes" / "demo.yaml") as file:
        data = load_yaml(str(file))
    shared = data["defaults"]
    recipes = [r for entry in data["configurations"] for r in expand({**shared, **entry})]
    run_all(recipes, given)
    if not given["dry_run"]:
        _preview(Path(given["output"]))


def _preview(output: Path) -> None:
    from vary_data.quality.preview import write_preview

    page = output / "preview.html"
    write_preview(output, page)
    click.echo(f"look at it: {page.resolve()}", err=True)
