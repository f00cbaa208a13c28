"""`vary-train base`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trainer.cli import options


@click.command(name="base")
@options.dataset
@click.option("--stage", type=click.Choice(["pretrain", "sft"]), default="pretrain")
@click.option(
    "--vision-vocabulary",
    metavar="PATH",
    help="The vocabulary network: a Vary-tiny run, an export, or a known checkpoint.",
)
@options.preset
@options.recipe
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("runs/base"))
@options.print_config
@options.overrides
def command(
    stage: str, vision_vocabulary: str | None, out: Path, print_config: bool, **given: Any
) -> None:
    """Train Vary-base: CLIP and the vocabulary network, frozen, into a language model.

    `--stage pretrain` trains projectors and language model at 5e-5, `--stage sft` goes on at 1e-5
    from model.weights.vary=RUN.
    """
    if vision_vocabulary:
        import json

        path = json.dumps(vision_vocabulary)
        given["overrides"] = (f"model.weights.vision={path}", *given["overrides"])
    if given["preset"] and stage == "sft":
        given["overrides"] = ("stage=sft", "optim.lr=2.0e-4", *given["overrides"])
    settings = options.settings(f"base-{stage}", **given)
    if print_config:
        from trainer.settings import to_yaml

        click.echo(to_yaml(settings), nl=False)
        return
    from trainer.train.loop import train

    options.no_weight_bars()
    train(settings, out)
