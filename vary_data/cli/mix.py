"""`vary-data mix`: a mixture from a description or from folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vary_data.base.errors import UsageError
from vary_data.base.storage import Location, location
from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate
from vary_data.engine.recipe import load_yaml


@click.command(name="mix")
@click.argument("sources", nargs=-1, required=True)
@click.option("--weights", help="A weight per folder, e.g. 2,1,0.5.  [by size]")
@click.option("--samples", type=click.IntRange(min=1), help="How many samples in all.")
@click.option("--temperature", type=float, help="Without weights: above 1 is more even.  [1]")
@click.option("--split", help="Split of the folders.  [train]")
@click.option("--describe", is_flag=True, help="Only write the description: -o FILE.yaml.")
@flags(*RECIPE_FLAGS, *RUN_FLAGS)
def command(sources: tuple[str, ...], describe: bool, **given: Any) -> None:
    """Mix datasets: SOURCES is one description (YAML), or dataset folders.

    A description lists parts with counts, and `vary-train --dataset FILE.yaml` trains on it as it
    is. Without --describe the rows are copied into a dataset of their own.
    """
    from vary_data.dataset import mixture
    from vary_data.engine.writer import write_text

    own = {name: given.pop(name) for name in ("weights", "samples", "temperature", "split")}
    resolved, base = _description(sources, own, given["seed"])
    mixed = mixture.resolve(resolved, base)
    for line in mixture.describe(mixed):
        click.echo(line, err=True)
    file = location(given["output"])
    if describe:
        if file.suffix not in (".yaml", ".yml"):
            raise UsageError(f"-o {file} is not a .yaml file", "a description is one file")
        write_text(file, mixed.to_yaml())
        click.echo(str(file))
        return
    file = file / f"{given['name'] or 'mix'}.yaml"
    if not given["dry_run"]:
        write_text(file, mixed.to_yaml())
    given["name"] = given["name"] or "mix"
    generate("mix", None, {"mixture": str(file)}, given)


def _description(
    sources: tuple[str, ...], own: dict[str, Any], seed: int | None
) -> tuple[dict[str, Any], Location]:
    places = [location(source) for source in sources]
    base: Location = Path()
    if len(places) == 1 and places[0].is_file():
        # what is written from it lies elsewhere, so its paths become absolute
        data, base = load_yaml(sources[0]), places[0].resolve().parent
    else:
        data = {"datasets": [{"path": str(place.resolve())} for place in places]}
        if own["weights"]:
            weights = _numbers(own["weights"])
            if len(weights) != len(sources):
                raise UsageError(f"{len(weights)} weights for {len(sources)} folders")
            for entry, weight in zip(data["datasets"], weights, strict=True):
                entry["weight"] = weight
        if own["split"]:
            for entry in data["datasets"]:
                entry["split"] = own["split"]
    for key in ("samples", "temperature"):
        if own[key] is not None:
            data[key] = own[key]
    if seed is not None:
        data["seed"] = seed
    return data, base


def _numbers(text: str) -> list[float]:
    try:
        return [float(item) for item in text.split(",")]
    except ValueError:
        raise UsageError(f"--weights {text!r} is not a list of numbers") from None
