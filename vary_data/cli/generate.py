"""The run of a generating command, from its flags to its datasets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from vary_data import generators
from vary_data.api import expand
from vary_data.base.errors import UsageError
from vary_data.base.storage import location
from vary_data.cli.progress import Display, waiting
from vary_data.engine.recipe import load_yaml

if TYPE_CHECKING:
    from vary_data.base.storage import Location
    from vary_data.engine.recipe import Recipe


def generate(
    generator: str, lang: str | None, options: Mapping[str, Any], shared_flags: Mapping[str, Any]
) -> None:
    """Run one generator from flags: its options, and the flags that all generators share."""
    run_all(recipes_of(generator, lang, options, shared_flags), shared_flags)


def recipes_of(
    generator: str, lang: str | None, options: Mapping[str, Any], shared_flags: Mapping[str, Any]
) -> list[Recipe]:
    """The recipes of a generator from flags.

    For a flag with the value None, a recipe file or the default decides.
    """
    config = shared_flags["config"]
    base = load_yaml(config) if config else {}
    if base.get("generator", generator) != generator:
        raise UsageError(f"{config} is a recipe for {base['generator']}, not for {generator}")
    data: dict[str, Any] = {**base, "generator": generator, "options": base.get("options") or {}}
    for setting in shared_flags["settings"]:
        _apply_setting(data, setting)
    if not isinstance(data["options"], dict):
        raise UsageError(f"options must be a mapping, not {data['options']!r}")
    data["options"] = dict(data["options"])
    data["lang"] = lang or data.get("lang", "en")
    keys = (
        *("name", "seed", "splits", "samples_per_shard", "timeout", "image_format", "max_samples"),
        "degrade",
    )
    data.update({key: shared_flags[key] for key in keys if shared_flags.get(key) is not None})
    data["options"].update({k: v for k, v in options.items() if v is not None and v != ()})
    return expand(data)


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


def run_all(recipes: Sequence[Recipe], run_flags: Mapping[str, Any]) -> None:
    """Run recipes one after the other; all plans are resolved before the first one runs."""
    from vary_data.engine.growth import check_folder
    from vary_data.engine.output import WHOLE, ConfigWriter, Share
    from vary_data.engine.run import (
        RunSettings,
        check_reject_rate,
        check_unstable,
        resolve_plans,
        run_plan,
    )

    settings = RunSettings(
        workers=run_flags["workers"],
        executor=run_flags["executor"],
        ray_address=run_flags["ray_address"],
        share=Share.parse(run_flags["shards"]) if run_flags["shards"] else WHOLE,
        overwrite=run_flags["overwrite"],
    )
    with waiting("listing the sources and planning the shards …", run_flags["quiet"]):
        plans = resolve_plans(recipes, generators.load)
    output = location(run_flags["output"])
    if run_flags["dry_run"]:
        _print_plans(plans, run_flags["as_json"])
        return
    notes = [
        check_folder(
            ConfigWriter(output / plan.recipe.name),
            plan,
            generators.load,
            settings.overwrite,
            settings.share,
        )
        for plan in plans
    ]
    results = []
    for plan, noted in zip(plans, notes, strict=True):
        if not run_flags["quiet"]:
            for note in noted or _resumed(output / plan.recipe.name):
                click.echo(f"{plan.recipe.name}: {note}", err=True)
        total = sum(i in settings.share for i in range(len(plan.shards)))
        with Display(plan, quiet=run_flags["quiet"], total=total) as display:
            results.append(run_plan(plan, output, generators.load, settings, display.progress()))
    if run_flags["as_json"]:
        configurations = [result.to_dict() for result in results]
        click.echo(json.dumps({"output": str(output), "configurations": configurations}))
    else:
        click.echo(str(output))
    for result in results:
        check_unstable(result)
    for result in results:
        check_reject_rate(result, run_flags["max_reject_rate"])


def _resumed(folder: Location) -> list[str]:
    """Notes if a configuration is resumed with other versions than it was begun with."""
    from vary_data.base.errors import SourceError
    from vary_data.dataset.reader import DatasetConfig
    from vary_data.engine.provenance import version_notes

    try:
        return version_notes(DatasetConfig(folder))
    except (SourceError, OSError):
        return []  # new, or the run itself says what is wrong


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
