"""What every generating command shares: its flags, and the run itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vary_data import generators
from vary_data.api import expand
from vary_data.base.errors import UsageError
from vary_data.base.storage import location
from vary_data.cli.progress import Display
from vary_data.engine.recipe import load_yaml, parse_splits

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe

Function = TypeVar("Function", bound=Callable[..., Any])

RUN_FLAGS = (
    click.option("-o", "--output", default="out", show_default=True, help="Dataset folder."),
    click.option(
        "-j", "--workers", type=click.IntRange(min=1), help="Worker processes.  [all cores]"
    ),
    click.option(
        "--executor",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="This machine, or a Ray cluster.",
    ),
    click.option(
        "--ray-address", metavar="HOST:PORT", help="Of the cluster.  [RAY_ADDRESS, or one here]"
    ),
    click.option("--shards", metavar="I/N", help="Only this part of the shards, from 0/N on."),
    click.option("--overwrite", is_flag=True, help="Replace a configuration of another recipe."),
    click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing."),
    click.option(
        "--max-reject-rate",
        type=click.FloatRange(0, 1),
        default=1.0,
        show_default=True,
        help="Exit with 3 when a larger share of the input was rejected.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
)

RECIPE_FLAGS = (
    click.option("--name", help="Name of the configuration.  [generator and language]"),
    click.option("--seed", type=click.IntRange(min=0), help="Seed of everything.  [0]"),
    click.option("--splits", help="train=0.98,validation=0.02, or one name.  [train]"),
    click.option(
        "--samples-per-shard", type=click.IntRange(min=1), help="Rows of a Parquet file.  [1000]"
    ),
    click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds per task.  [60]"
    ),
    click.option(
        "--image-format", type=click.Choice(["png", "jpeg", "webp"]), help="Encoding.  [png]"
    ),
    click.option(
        "--config", type=click.Path(dir_okay=False), help="Recipe file to start from (YAML)."
    ),
    click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Any recipe key."),
)


def flags(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Apply several options so that help lists them in the order given."""

    def apply(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


def generate(
    generator: str, lang: str | None, options: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    """Run one generator from flags: `options` are the generator's own, `given` the shared ones.

    Values of None were not given: a recipe file or the defaults decide.
    """
    base = load_yaml(given["config"]) if given["config"] else {}
    if base.get("generator", generator) != generator:
        raise UsageError(
            f"{given['config']} is a recipe for {base['generator']}, not for {generator}"
        )
    data = {**base, "generator": generator, "options": dict(base.get("options") or {})}
    for setting in given["settings"]:
        _apply(data, setting)
    data["lang"] = lang or data.get("lang", "en")
    for key in ("name", "seed", "samples_per_shard", "timeout", "image_format"):
        if given[key] is not None:
            data[key] = given[key]
    if given["splits"]:
        data["splits"] = parse_splits(given["splits"])
    data["options"].update({k: v for k, v in options.items() if v is not None and v != ()})
    run_all(expand(data), given)


def run_all(recipes: Sequence[Recipe], given: Mapping[str, Any]) -> None:
    """Run recipes one after the other; all plans are resolved before the first one runs."""
    from vary_data.engine.output import WHOLE, Share
    from vary_data.engine.run import RunSettings, check_reject_rate, resolve_plans, run_plan

    settings = RunSettings(
        workers=given["workers"],
        executor=given["executor"],
        ray_address=given["ray_address"],
        share=Share.parse(given["shards"]) if given["shards"] else WHOLE,
        overwrite=given["overwrite"],
    )
    plans = resolve_plans(recipes, generators.load)
    output = location(given["output"])
    if given["dry_run"]:
        _print_plans(plans, given["as_json"])
        return
    results = []
    for plan in plans:
        total = sum(i in settings.share for i in range(len(plan.shards)))
        with Display(plan, quiet=given["quiet"], total=total) as display:
            results.append(run_plan(plan, output, generators.load, settings, display.progress()))
    if given["as_json"]:
        configurations = [result.to_dict() for result in results]
        click.echo(json.dumps({"output": str(output), "configurations": configurations}))
    else:
        click.echo(str(output))
    for result in results:
        check_reject_rate(result, given["max_reject_rate"])


def _print_plans(plans: Sequence[Any], as_json: bool) -> None:
    for plan in plans:
        facts = {"name": plan.recipe.name, **plan.to_dict(), "recipe": plan.recipe.to_dict()}
        if as_json:
            click.echo(json.dumps(facts, ensure_ascii=False))
        else:
            shards = ", ".join(f"{count} of {split}" for split, count in facts["shards"].items())
            click.echo(
                f"{facts['name']}: {facts['tasks']:,} tasks, about "
                f"{facts['expected_samples']:,} samples, shards: {shards}, plan {plan.plan_id}"
            )


def _apply(data: dict[str, Any], setting: str) -> None:
    """`--set options.backend=both`: a dotted key into the recipe."""
    key, equals, value = setting.partition("=")
    if not equals:
        raise UsageError(f"--set {setting!r} is not KEY=VALUE")
    place = data
    *parents, last = key.split(".")
    for parent in parents:
        place = place.setdefault(parent, {})
        if not isinstance(place, dict):
            raise UsageError(f"--set {key}: {parent} is not a mapping")
    place[last] = value
