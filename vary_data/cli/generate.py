"""The run of a generating command, from its flags to its datasets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from vary_data import generators
from vary_data.base.errors import UsageError, VaryError, nearest
from vary_data.base.storage import each
from vary_data.cli.progress import Display
from vary_data.dataset.schema import LANGUAGES
from vary_data.engine.recipe import Recipe, check_keys, load_yaml

if TYPE_CHECKING:
    from vary_data.base.storage import Location
    from vary_data.engine.output import Share
    from vary_data.engine.plan import RunPlan


def generate(
    generator: str, lang: str | None, options: Mapping[str, Any], shared_flags: Mapping[str, Any]
) -> None:
    """Run one generator from flags: its options, and the flags that all generators share.

    For a flag with the value None, a recipe file or the default decides.
    """
    config = shared_flags["config"]
    base = load_yaml(config) if config else {}
    if base.get("generator", generator) != generator:
        raise UsageError(f"{config} is a recipe for {base['generator']}, not for {generator}")
    data = {**base, "generator": generator, "options": dict(base.get("options") or {})}
    for setting in shared_flags["settings"]:
        _apply_setting(data, setting)
    data["lang"] = lang or data.get("lang", "en")
    for key in ("name", "seed", "splits", "samples_per_shard", "timeout", "image_format"):
        if shared_flags[key] is not None:
            data[key] = shared_flags[key]
    data["options"].update({k: v for k, v in options.items() if v is not None and v != ()})
    run_all(expand(data), shared_flags)


def detect_language(
    name: str, lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]
) -> str | None:
    """The recipe's language for `--lang auto`, the default if there is no recipe file.

    Then the option `detect` is set, and the configuration is called `name` if it has no name.
    """
    if lang == "auto" or (lang is None and not shared_flags["config"]):
        options["detect"] = True
        shared_flags["name"] = shared_flags["name"] or name
        return "en"
    return lang


def expand(data: Mapping[str, Any]) -> list[Recipe]:
    """The recipes of one entry: `lang: both` gives one per language, names get their default."""
    check_keys(data)
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


def run_all(recipes: Sequence[Recipe], run_flags: Mapping[str, Any]) -> None:
    """Resolve every plan first, so that a mistake in the last one costs nothing; then run."""
    from vary_data.base.storage import location
    from vary_data.engine.output import WHOLE, Share
    from vary_data.engine.plan import RunPlan

    names = [recipe.name for recipe in recipes]
    if len(set(names)) < len(names):
        raise UsageError(f"two configurations have the same name: {', '.join(names)}")
    share = Share.parse(run_flags["shards"]) if run_flags["shards"] else WHOLE
    execute = _executor(run_flags)
    plans = [RunPlan.resolve(recipe, generators.load(recipe.generator)) for recipe in recipes]
    output = location(run_flags["output"])
    if run_flags["dry_run"]:
        _print_plans(plans, run_flags["as_json"])
        return
    results = []
    for plan in plans:
        total = sum(i in share for i in range(len(plan.shards)))
        with Display(plan, quiet=run_flags["quiet"], total=total) as display:
            execute(
                plan,
                output,
                generators.load,
                overwrite=run_flags["overwrite"],
                progress=display.progress(),
                share=share,
            )
        results.append(_summary(output, plan, share))
    if run_flags["as_json"]:
        click.echo(json.dumps({"output": str(output), "configurations": results}))
    else:
        click.echo(str(output))
    _check_rates(results, run_flags["max_reject_rate"])


def _executor(run_flags: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that makes a plan's shards, with the flags that only it has."""
    if run_flags["executor"] == "ray":
        from vary_data.engine.executors import ray

        return partial(ray.run, workers=run_flags["workers"], address=run_flags["ray_address"])
    if run_flags["ray_address"]:
        raise UsageError("--ray-address is for --executor ray")
    from vary_data.engine.executors import local

    return partial(local.run, workers=run_flags["workers"] or cores())


def _summary(output: Location, plan: RunPlan, share: Share) -> dict[str, Any]:
    """The finished part of the configuration, or of this run's share, with earlier runs."""
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


def _apply_setting(data: dict[str, Any], setting: str) -> None:
    """`--set options.backend=both`: a dotted key into the recipe."""
    key, equals, value = setting.partition("=")
    if not equals:
        raise UsageError(f"--set {setting!r} is not KEY=VALUE")
    mapping = data
    *parents, last = key.split(".")
    for parent in parents:
        mapping = mapping.setdefault(parent, {})
        if not isinstance(mapping, dict):
            raise UsageError(f"--set {key}: {parent} is not a mapping")
    mapping[last] = value


def cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
