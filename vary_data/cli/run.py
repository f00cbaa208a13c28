"""`vary-data run RECIPE`."""

from __future__ import annotations

import os
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import click

from renderers.environment import clean_environment, module_command, module_path
from vary_data.api import expand
from vary_data.base.errors import UsageError, VaryError
from vary_data.base.storage import Location, location
from vary_data.cli.flags import RUN_FLAGS, flags
from vary_data.cli.generate import run_all
from vary_data.engine import recipe_file


@click.command(name="run")
@click.argument("recipe", type=click.Path(dir_okay=False))
@click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable of the recipe."
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    help="Multiply the number of samples, e.g. by 0.001.",
    show_default=True,
)
@flags(*RUN_FLAGS)
@click.pass_context
def command(
    ctx: click.Context, /, recipe: str, variables: tuple[str, ...], scale: float, **run_flags: Any
) -> None:
    """Make every configuration of RECIPE: a YAML file, or demo, vary-tiny,
    vary-base-pretrain, vary-base-sft.

    A file holds one configuration, or `configurations:` with a list of them; `defaults:` are
    keys that all of them share, `variables:` what --var may set, `output:` the folder without -o.
    """
    output_is_set = ctx.get_parameter_source("output") is not click.core.ParameterSource.DEFAULT
    make(recipe, dict(_pair(item) for item in variables), scale, run_flags, output_is_set)


def make(
    recipe: str,
    variables: dict[str, str],
    scale: float,
    run_flags: dict[str, Any],
    output_is_set: bool,
) -> None:
    """Run a recipe file or a packaged recipe."""
    found = recipe_file.read(recipe, variables)
    if not output_is_set and found.output:
        run_flags["output"] = found.output
    with resources.as_file(resources.files("vary_data.sources.arxiv") / "samples") as samples:
        inputs = _demo_inputs(location(run_flags["output"]))
        if found.needs_demo_inputs and not inputs.is_dir() and not run_flags["dry_run"]:
            _make_inputs(inputs)
        built_in = {"demo": str(inputs), "samples": str(samples)}
        entries = recipe_file.read(recipe, variables, built_in).entries
        recipes = [made.scaled(scale) for entry in entries for made in expand(entry)]
        run_all(recipes, run_flags)


def _pair(item: str) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not equals:
        raise UsageError(f"--var {item!r} is not NAME=VALUE")
    return name, value


def _demo_inputs(output: Location) -> Path:
    """The folder of the demo's inputs: in the output folder, if that is on this machine."""
    if isinstance(output, Path):
        return output / ".sources" / "demo"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "vary-data" / "demo-inputs"


def _make_inputs(folder: Path) -> None:
    """Make the demo's inputs in a subprocess, so that PyMuPDF never runs in this process."""
    made = subprocess.run(
        module_command("vary_data.sources.demo", str(folder)),
        env=clean_environment(PYTHONPATH=module_path()),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        lines = made.stderr.strip().splitlines() or ["no reason given"]
        raise VaryError(f"cannot make the demo's inputs in {folder}: {lines[-1]}")
