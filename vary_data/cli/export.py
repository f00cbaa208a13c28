"""`vary-data export OUT --format llava|trl|webdataset`."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from vary_data.base.errors import OutputError


@click.command(name="export")
@click.argument("out")
@click.option("--format", "form", type=click.Choice(["llava", "trl", "webdataset"]), required=True)
@click.option("--to", "target", required=True, help="Folder to write; must be empty or absent.")
@click.option("--name", "names", multiple=True, help="Only these configurations.")
@click.option("--split", help="Only this split.")
def command(out: str, form: str, target: str, names: tuple[str, ...], split: str | None) -> None:
    """Write the dataset in OUT in the format of other trainers."""
    from vary_data.dataset.reader import Dataset

    dataset = Dataset.open(out)
    chosen = [dataset.config(name) for name in names] if names else list(dataset.configs)
    folder = Path(target)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder} is not an empty folder", "choose another folder with --to")
    writer = importlib.import_module(f"vary_data.export.{form}")
    try:
        count = writer.write((r for c in chosen for r in c.rows(split=split)), folder)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from error
    click.echo(f"{count:,} rows", err=True)
    click.echo(str(folder))
