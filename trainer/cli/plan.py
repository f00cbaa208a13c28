"""`vary-train plan`."""

from __future__ import annotations

from typing import Any

import click

from trainer.cli import options


@click.command(name="plan")
@click.argument("kind", type=click.Choice(["tiny", "base"]))
@click.option("--stage", type=click.Choice(["pretrain", "sft"]), default="pretrain")
@options.dataset
@options.preset
@options.recipe
@click.option("--rows", type=click.IntRange(1), help="Samples of an epoch; default: the dataset's.")
@click.option("--text-tokens", default=1000, show_default=True, type=click.IntRange(1),
              help="Tokens of a sample beside its image tokens.")  # fmt: skip
@click.option("--gpu", default="H200", show_default=True)
@click.option("--gpus", default=1, show_default=True, type=click.IntRange(1))
@click.option("--utilization", default=0.3, show_default=True, type=click.FloatRange(0.01, 1),
              help="Share of the datasheet's peak that is reached.")  # fmt: skip
@options.overrides
def command(
    kind: str,
    stage: str,
    rows: int | None,
    text_tokens: int,
    gpu: str,
    gpus: int,
    utilization: float,
    **given: Any,
) -> None:
    """Memory, FLOPs and hours of training Vary-tiny or Vary-base."""
    settings = options.settings("tiny" if kind == "tiny" else f"base-{stage}", **given)
    from trainer.planning import plan

    if rows is None and settings.data.datasets:
        from trainer.data.catalog import open_catalog

        data = settings.data
        rows = sum(c.rows for c in open_catalog(data.datasets, data.split, data.weights))
    click.echo(str(plan(settings, rows, text_tokens, gpu, gpus, utilization)))
