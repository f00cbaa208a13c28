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
@options.out("runs/tiny")
@click.option(
    "--warm-up",
    "warm_up",
    type=click.Choice(["grounded", "none", "auto"]),
    help="grounded: first learn the place of each character; auto: if no trained tower is given.",
)
@options.gpus
@options.print_config
@options.overrides
def command(out: Path, warm_up: str | None, gpus: int, print_config: bool, **shared: Any) -> int:
    """Train Vary-tiny: picture in, text out, all parts trained.

    Override settings like optim.lr=1e-4 train.batch_size=64. The same command again continues an
    interrupted run.
    """
    if warm_up:
        shared["overrides"] = [*shared["overrides"], f"warm_up.mode={warm_up}"]
    return options.train(options.settings("tiny", **shared), out, print_config, gpus)
