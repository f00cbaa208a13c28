"""`vary-train export-vocabulary`."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.options import no_weight_bars


@click.command(name="export-vocabulary")
@click.argument("source")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--layout", type=click.Choice(["vary", "got-ocr2"]), default="vary",
              show_default=True, help="Names of the saved tensors.")  # fmt: skip
def command(source: str, out: Path, layout: str) -> None:
    """Save the vocabulary network of SOURCE (a run, a checkpoint, a hub id) to the folder OUT.

    With --layout got-ocr2 it is the vision tower of transformers' GotOcr2.
    """
    from trainer.weights.export import export_vocabulary

    no_weight_bars()
    click.echo(str(export_vocabulary(source, out, layout)), err=True)
    click.echo(f"saved to {out}", err=True)
