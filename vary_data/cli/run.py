"""`vary-data run recipe.yaml`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RUN_FLAGS, expand, flags, run_all
from vary_data.errors import UsageError, nearest
from vary_data.recipe import load_yaml

KEYS = ("configurations", "output", "defaults")


@click.command(name="run")
@click.argument("recipe", type=click.Path(dir_okay=False))
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, recipe: str, **given: Any) -> None:
    """Make every configuration of a RECIPE file.

    The file holds one configuration, or `configurations:` with a list of them; `defaults:` are
    keys that all of them share, `output:` is the folder where -o is not given.
    """
    data = load_yaml(recipe)
    if "configurations" not in data:
        run_all(expand(data), given)
        return
    for key in data:
        if key not in KEYS:
            raise UsageError(f"{recipe}: unknown key {key!r}", nearest(key, KEYS))
    if ctx.get_parameter_source("output") is click.core.ParameterSource.DEFAULT:
        given["output"] = data.get("output", given["output"])
    entries = data["configurations"]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{recipe}: `configurations` must be a list of mappings")
    shared = data.get("defaults") or {}
    run_all([r for entry in entries for r in expand({**shared, **entry})], given)
