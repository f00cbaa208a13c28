"""`vary-train export-vocabulary`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="export-vocabulary")
@click.argument("source")
@click.argument("out", type=click.Path(path_type=Path))
def command(source: str, out: Path) -> None:
    """Save the vocabulary network of SOURCE (a run, a checkpoint, a hub id) to the folder OUT."""
    from trainer.weights.export import export_vocabulary

    click.echo(str(export_vocabulary(source, out)), err=True)
    click.echo(f"saved to {out}", err=True)
