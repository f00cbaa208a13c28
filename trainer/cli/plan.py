"""`vary-train plan`."""

from __future__ import annotations

from typing import Any

import click

from trainer.cli import options


@click.command(name="plan")
@click.argument("model", type=click.Choice(["tiny", "base"]))
@click.option("--stage", type=click.Choice(["pretrain", "sft"]), default="pretrain",
              show_default=True, help="Of Vary-base.")  # fmt: skip
@options.dataset
@options.preset
@options.recipe
@click.option(
    "--rows", type=click.IntRange(1), metavar="N", help="Samples of an epoch.  [the dataset's]"
)
@click.option("--text-tokens", default=1000, show_default=True, type=click.IntRange(1), metavar="N",
              help="Text tokens of a sample.")  # fmt: skip
@click.option("--gpu", default="H200", show_default=True, help="Model of the GPU.")
@click.option("--gpus", default=1, show_default=True, type=click.IntRange(1), metavar="N",
              help="Number of GPUs.")  # fmt: skip
@click.option("--utilization", default=0.3, show_default=True, metavar="SHARE",
              type=click.FloatRange(0.01, 1),
              help="Share of the GPU's peak FLOP/s that is reached.")  # fmt: skip
@options.overrides
def command(
    model: str,
    stage: str,
    rows: int | None,
    text_tokens: int,
    gpu: str,
    gpus: int,
    utilization: float,
    **shared: Any,
) -> None:
    """Estimate memory, FLOPs and hours of training Vary-tiny or Vary-base."""
    settings = options.settings("tiny" if model == "tiny" else f"base-{stage}", **shared)
    from trainer.planning import estimate_cost

    if rows is None and settings.data.datasets:
        from trainer.data.catalog import open_catalog

        data = settings.data
        rows = sum(
            source.rows
            for source in open_catalog(data.datasets, data.split, data.weights, data.targets)
        )
    click.echo(str(estimate_cost(settings, rows, text_tokens, gpu, gpus, utilization)))
