"""`vary-train tiny`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trainer.cli import options


@click.command(name="tiny")
@options.dataset
@options.preset
@options.recipe
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("runs/tiny"))
@click.option(
    "--warm-up",
    "warm_up",
    type=click.Choice(["grounded", "none", "auto"]),
    help="Learn first where each character stands; auto: where no trained tower is given.",
)
@options.print_config
@options.overrides
def command(out: Path, warm_up: str | None, print_config: bool, **given: Any) -> None:
    """Train Vary-tiny: picture in, text out, everything trained.

    Settings are overridden as optim.lr=1e-4 train.batch_size=64; the same command again goes on
    with an interrupted run.
    """
    if warm_up:
        given["overrides"] = [*given["overrides"], f"warm_up.mode={warm_up}"]
    settings = options.settings("tiny", **given)
    if print_config:
        from trainer.settings import to_yaml

        click.echo(to_yaml(settings), nl=False)
        return
    from trainer.train.loop import train

    options.no_weight_bars()
    train(settings, out)
