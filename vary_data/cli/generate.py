"""What every generating command shares: its flags, and the run itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vary_data import generators
from vary_data.base.errors import UsageError, VaryError, nearest
from vary_data.base.storage import each
from vary_data.cli.progress import Display
from vary_data.dataset.schema import LANGUAGES
from vary_data.engine.recipe import Recipe, load_yaml, parse_splits

if TYPE_CHECKING:
    from vary_data.base.storage import Location
    from vary_data.engine.output import Share
    from vary_data.engine.plan import RunPlan

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


def expand(data: Mapping[str, Any]) -> list[Recipe]:
    """The recipes of one entry: `lang: both` gives one per language, names get their default."""
    if "generator" not in data:
        raise UsageError("a configuration has no `generator`", nearest("", generators.GENERATORS))
    generator = generators.load(str(data["generator"]))
    lang = data.get("lang", "en")
    langs = list(LANGUAGES) if lang == "both" else [lang]
    recipes = []
    for one in langs:
        name = data.get("name") or generator.label
        if "name" not in data or len(langs) > 1:
            name = f"{name}-{one}"
        recipes.append(Recipe.from_dict({**data, "lang": one, "name": name}, generator.Options))
    return recipes


def run_all(recipes: Sequence[Recipe], given: Mapping[str, Any]) -> None:
    """Resolve every plan first, so that a mistake in the last one costs nothing; then run."""
    from vary_data.base.storage import location
    from vary_data.engine.output import WHOLE, Share
    from vary_data.engine.plan import RunPlan

    names = [recipe.name for recipe in recipes]
    if len(set(names)) < len(names):
        raise UsageError(f"two configurations have the same name: {', '.join(names)}")
    share = Share.parse(given["shards"]) if given["shards"] else WHOLE
    execute = _executor(given)
    plans = [RunPlan.resolve(recipe, generators.load(recipe.generator)) for recipe in recipes]
    output = location(given["output"])
    if given["dry_run"]:
        _print_plans(plans, given["as_json"])
        return
    results = []
    for plan in plans:
        total = sum(i in share for i in range(len(plan.shards)))
        with Display(plan, quiet=given["quiet"], total=total) as display:
            execute(
                plan,
                output,
                generators.load,
                overwrite=given["overwrite"],
                progress=display.progress(),
                share=share,
            )
        results.append(_summary(output, plan, share))
    if given["as_json"]:
        click.echo(json.dumps({"output": str(output), "configurations": results}))
    else:
        click.echo(str(output))
    _check_rates(results, given["max_reject_rate"])


def _executor(given: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that makes a plan's shards, with the flags that only it has."""
    if given["executor"] == "ray":
        from vary_data.engine.executors import ray

        return partial(ray.run, workers=given["workers"], address=given["ray_address"])
    if given["ray_address"]:
        raise UsageError("--ray-address is for --executor ray")
    from vary_data.engine.executors import local

    return partial(local.run, workers=given["workers"] or cores())


def _summary(output: Location, plan: RunPlan, share: Share) -> dict[str, Any]:
    """The configuration as it stands, or this run's share; shards of earlier runs included."""
    from vary_data.engine.output import ConfigWriter
    from vary_data.engine.shard import stored_report

    target = ConfigWriter(output / plan.recipe.name)
    own = [i for i in range(len(plan.shards)) if i in share]
    missing = set(target.missing(plan, own))
    finished = [plan.shards[i] for i in own if i not in missing]
    found = each(partial(stored_report, target), finished, target.remote)
    reports = [report for report in found if report]
    rejected = [r for report in reports for r in report.rejections if not r.retried]
    return {
        "name": plan.recipe.name,
        "plan_id": plan.plan_id,
        "samples": sum(report.samples for report in reports),
        "rejected": len(rejected),
        "shards": len(reports),
    }


def _check_rates(results: Sequence[Mapping[str, Any]], limit: float) -> None:
    for result in results:
        total = result["samples"] + result["rejected"]
        rate = result["rejected"] / total if total else 0.0
        if rate > limit or (result["shards"] and not result["samples"]):
            raise TooManyRejected(
                f"{result['name']}: {result['rejected']:,} of {total:,} were rejected ({rate:.1%})",
                "`vary-data stats` shows the reasons",
            )


class TooManyRejected(VaryError):
    exit_code = 3


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


def cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
