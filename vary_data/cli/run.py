"""`vary-data run RECIPE`."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renderers.environment import clean_environment, module_command, module_path
from vary_data.api import expand
from vary_data.base.errors import UsageError, VaryError
from vary_data.base.storage import location
from vary_data.cli.flags import RUN_FLAGS, flags
from vary_data.cli.generate import run_all
from vary_data.engine import recipe_file

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe


@click.command(name="run")
@click.argument("recipe", type=click.Path(dir_okay=False))
@click.option(
    "--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable of the recipe."
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    help="Multiply the number of samples, or of the documents that are read, e.g. by 0.001.",
    show_default=True,
)
@click.option(
    "-n",
    "--max-samples",
    "max_samples",
    type=click.IntRange(min=1),
    help="At most about this many samples of each configuration.",
)
@flags(*RUN_FLAGS)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    recipe: str,
    variables: tuple[str, ...],
    scale: float,
    max_samples: int | None,
    **run_flags: Any,
) -> None:
    """Make every configuration of RECIPE: a YAML file, or demo, vary-tiny,
    vary-base-pretrain, vary-base-sft.

    A file holds one configuration, or `configurations:` with a list of them; `defaults:` are
    keys that all of them share, `variables:` what --var may set, `output:` the folder without -o.
    """
    output_is_set = ctx.get_parameter_source("output") is not click.core.ParameterSource.DEFAULT
    size = Size(scale, max_samples)
    make(recipe, dict(_pair(item) for item in variables), size, run_flags, output_is_set)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a recipe to make."""

    scale: float = 1.0
    max_samples: int | None = None

    def of(self, recipe: Recipe) -> Recipe:
        """The recipe in this size: scaled first, then limited to `max_samples` if given."""
        scaled = recipe.scaled(self.scale)
        return scaled if self.max_samples is None else scaled.limited(self.max_samples)


def make(
    recipe: str,
    variables: dict[str, str],
    size: Size,
    run_flags: dict[str, Any],
    output_is_set: bool,
    without: Collection[str] = (),
) -> None:
    """Run a recipe file or a packaged recipe, `without` the configurations of these generators."""
    found = recipe_file.read(recipe, variables)
    if not output_is_set and found.output:
        run_flags["output"] = found.output
    with ExitStack() as stack:
        samples = resources.files("vary_data.sources.arxiv") / "samples"
        built_in = {"samples": str(stack.enter_context(resources.as_file(samples)))}
        if found.needs_demo_inputs:
            built_in["demo"] = str(_demo_inputs(run_flags, stack))
        entries = recipe_file.read(recipe, variables, built_in).entries
        recipes = (made for entry in entries for made in expand(entry))
        run_all([size.of(made) for made in recipes if made.generator not in without], run_flags)


def _pair(item: str) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not equals:
        raise UsageError(f"--var {item!r} is not NAME=VALUE")
    return name, value


def _demo_inputs(run_flags: Mapping[str, Any], stack: ExitStack) -> Path:
    """The folder of the demo's inputs, which are made if they are missing.

    It is in the output folder, if that is on this machine; for a plan alone, it is temporary.
    """
    output = location(run_flags["output"])
    if isinstance(output, Path):
        folder = output / ".sources" / "demo"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "vary-data" / "demo-inputs"
    if not folder.is_dir():
        if run_flags["dry_run"]:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo"
        _make_inputs(folder)
    return folder


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
