"""`vary-data stats OUT`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(name="stats")
@click.argument("out")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
@click.option(
    "--page", "page_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html",
    help="Also write a page with plots.",
)  # fmt: skip
def command(out: str, as_json: bool, page_file: Path | None) -> None:
    """Show statistics of the dataset in OUT: kinds, languages, lengths, rejections, speed.

    Only finished shards count. Rejections in the column `lost` gave no sample; those in `drawn
    again` gave a sample with another attempt.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.engine.writer import write_text
    from vary_data.quality.stats import collect, page

    stats = collect(Dataset.open(out))
    if page_file:
        write_text(page_file, page(stats))
    if as_json:
        click.echo(json.dumps(stats.to_dict(), ensure_ascii=False))
        return
    _print(stats)
    if page_file:
        click.echo(page_file)


def _print(stats: object) -> None:
    from rich.console import Console

    from vary_data.quality.stats import Stats, tables

    assert isinstance(stats, Stats)
    console = Console(highlight=False, markup=False)
    for table in tables(stats):
        console.print(table)
        console.print()
