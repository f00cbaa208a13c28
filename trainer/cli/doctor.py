"""`vary-train doctor`."""

from __future__ import annotations

from typing import Any

import click

from trainer.cli import options

SMALL_PICTURES = {
    "tiny": ("model.image_size=128",),
    "base": ("model.image_size=128", "model.clip.image_size=28"),
}


@click.command(name="doctor")
@click.option("--model", type=click.Choice(["tiny", "base"]), default="tiny",
              show_default=True, help="Vary-tiny or Vary-base.")  # fmt: skip
@options.dataset
@options.preset
@options.recipe
@click.option("--steps", default=200, show_default=True, type=click.IntRange(1), metavar="N",
              help="Maximum number of training steps.")  # fmt: skip
@options.overrides
def command(model: str, steps: int, **shared: Any) -> None:
    """Overfit 16 samples to check that training works.

    Without --recipe it uses the toy size and smaller pictures: under a minute on a CPU. The exit
    code is 1 if a check fails.
    """
    if shared["recipe"] is None:
        shared["preset"] = "toy"
        shared["overrides"] = (*SMALL_PICTURES[model], *shared["overrides"])
    settings = options.settings("tiny" if model == "tiny" else "base-pretrain", **shared)
    from trainer.doctor import examine
    from trainer.errors import TrainerError

    options.no_weight_bars()
    checks = examine(settings, steps, lambda line: click.echo(line, err=True))
    for check in checks:
        click.echo(f"{'ok  ' if check.passed else 'FAIL'}  {check.name}: {check.finding}")
    failed = [check.name for check in checks if not check.passed]
    if failed:
        raise TrainerError(f"failed checks: {'; '.join(failed)}")
