"""`vary-data mix`: a mixture from a description or from folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vary_data.base.errors import UsageError
from vary_data.base.storage import Location, location
from vary_data.cli.flags import CHOICE_FREE_FLAGS, RUN_FLAGS, flags
from vary_data.cli.generate import generate
from vary_data.engine.recipe import load_yaml


@click.command(name="mix")
@click.argument("sources", nargs=-1, required=True)
@click.option("--weights", help="A weight per folder, e.g. 2,1,0.5.  [by size]")
@click.option("-n", "--samples", type=click.IntRange(min=1), help="Number of samples in total.")
@click.option("--temperature", type=float, help="Without weights: above 1 is more even.  [1]")
@click.option("--split", help="Split of the folders.  [train]")
@click.option("--describe", is_flag=True, help="Only write the description: -o FILE.yaml.")
@flags(*CHOICE_FREE_FLAGS, *RUN_FLAGS)
def command(sources: tuple[str, ...], describe: bool, **shared_flags: Any) -> None:
    """Mix datasets: SOURCES is one description (YAML), or dataset folders.

    A description lists parts with counts; `vary-train --dataset FILE.yaml` trains on it directly.
    Without --describe the rows are copied into a new dataset.
    """
    from vary_data.cli.schema_note import note_old_schema
    from vary_data.dataset import mixture
    from vary_data.dataset.reader import DatasetConfig
    from vary_data.engine.writer import write_text

    names = ("weights", "samples", "temperature", "split")
    mix_flags = {name: shared_flags.pop(name) for name in names}
    resolved, base = _description(sources, mix_flags, shared_flags["seed"])
    mixed = mixture.resolve(resolved, base)
    for line in mixture.describe(mixed):
        click.echo(line, err=True)
    file = location(shared_flags["output"])
    if not describe and file.resolve() in {location(part.path).resolve() for part in mixed.parts}:
        raise UsageError(f"{file} is one of the mixed datasets", "choose another folder with -o")
    if describe:
        if file.suffix not in (".yaml", ".yml"):
            raise UsageError(f"-o {file} is not a .yaml file", "a description is one file")
        write_text(file, mixed.to_yaml())
        click.echo(str(file))
        return
    note_old_schema(DatasetConfig(location(p.path) / p.config) for p in mixed.parts)
    file = file / f"{shared_flags['name'] or 'mix'}.yaml"
    if not shared_flags["dry_run"]:
        write_text(file, mixed.to_yaml())
    shared_flags["name"] = shared_flags["name"] or "mix"
    generate("mix", None, {"mixture": str(file)}, shared_flags)


def _description(
    sources: tuple[str, ...], mix_flags: dict[str, Any], seed: int | None
) -> tuple[dict[str, Any], Location]:
    locations = [location(source) for source in sources]
    base: Location = Path()
    if len(locations) == 1 and locations[0].is_file():
        # The resolved description is written to another folder, so its paths become absolute.
        data, base = load_yaml(sources[0]), locations[0].resolve().parent
    else:
        data = {"datasets": [{"path": str(folder.resolve())} for folder in locations]}
        if mix_flags["weights"]:
            weights = _numbers(mix_flags["weights"])
            if len(weights) != len(sources):
                raise UsageError(f"{len(weights)} weights for {len(sources)} folders")
            for entry, weight in zip(data["datasets"], weights, strict=True):
                entry["weight"] = weight
        if mix_flags["split"]:
            for entry in data["datasets"]:
                entry["split"] = mix_flags["split"]
    for key in ("samples", "temperature"):
        if mix_flags[key] is not None:
            data[key] = mix_flags[key]
    if seed is not None:
        data["seed"] = seed
    return data, base


def _numbers(text: str) -> list[float]:
    try:
        return [float(item) for item in text.split(",")]
    except ValueError:
        raise UsageError(f"--weights {text!r} is not a list of numbers") from None
