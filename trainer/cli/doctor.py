"""`vary-train doctor`."""

from __future__ import annotations

from typing import Any

import click

from trainer.cli import options

SMALLER = {
    "tiny": ("model.image_size=128",),
    "base": ("model.image_size=128", "model.clip.image_size=28"),
}


@click.command(name="doctor")
@click.option("--model", "kind", type=click.Choice(["tiny", "base"]), default="tiny",
              show_default=True)  # fmt: skip
@options.dataset
@options.preset
@options.recipe
@click.option("--steps", default=200, show_default=True, type=click.IntRange(1))
@options.overrides
def command(kind: str, steps: int, **given: Any) -> None:
    """Overfit 16 samples and say whether training works here.

    Without --recipe it uses the toy size, and smaller pictures: under a minute on a CPU. Exit code
    1 if anything is wrong.
    """
    if given["recipe"] is None:
        given["preset"] = "toy"
        given["overrides"] = (*SMALLER[kind], *given["overrides"])
    settings = options.settings("tiny" if kind == "tiny" else "base-pretrain", **given)
    from trainer.doctor import examine
    from trainer.errors import TrainerError

    options.no_weight_bars()
    checks = examine(settings, steps, lambda line: click.echo(line, err=True))
    for check in checks:
        click.echo(f"{'ok  ' if check.passed else 'FAIL'}  {check.name}: {check.finding}")
    failed = [check.name for check in checks if not check.passed]
    if failed:
        raise TrainerError(f"not so: {'; '.join(failed)}")
