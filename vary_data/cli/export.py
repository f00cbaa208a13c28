"""`vary-data export OUT --format llava|trl|webdataset`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vary_data.export import FORMATS


@click.command(name="export")
@click.argument("out")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--to", "target", required=True, help="Folder to write; must be empty or absent.")
@click.option("--name", "names", multiple=True, help="Only these configurations.")
@click.option("--split", help="Only this split.  [all, each in its own files]")
@click.option("--allow-partial", is_flag=True, help="Also if shards are missing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
def command(
    out: str,
    form: str,
    target: str,
    names: tuple[str, ...],
    split: str | None,
    allow_partial: bool,
    as_json: bool,
) -> None:
    """Write the dataset in OUT in the format of other trainers.

    Conversations: llava (train.json, …, and images/), trl (data/train-00000-of-00001.parquet, …),
    swift (train.jsonl, …, also where blocks are), webdataset (train-00000.tar, …).

    Layout of pages: coco (train.json, … with boxes of blocks), yolo (images/, labels/, data.yaml),
    pubtabnet (train.jsonl, … and pictures of tables), omnidocbench (train.json, … and images/).
    """
    from vary_data.cli.schema_note import note_old_schema
    from vary_data.dataset.reader import Dataset
    from vary_data.export.run import export

    dataset = Dataset.open(out)
    chosen = [dataset.config(name) for name in names] if names else list(dataset.configs)
    note_old_schema(chosen)
    result = export(chosen, form, Path(target), split=split, allow_partial=allow_partial)
    if as_json:
        click.echo(json.dumps({"output": target, **result.to_dict()}))
        return
    for name, missing in result.missing.items():
        click.echo(f"{name}: {missing:,} shards are missing", err=True)
    for reason, count in result.left_out.items():
        click.echo(f"left out: {reason} {count:,}", err=True)
    for name, count in result.rows.items():
        click.echo(f"{name}: {count:,} rows", err=True)
    click.echo(target)
