"""`vary-train base`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from trainer.cli import options

TOY_SFT = ("stage=sft", "optim.lr=2.0e-4")
"""How the toy size is fine-tuned: there is one toy recipe for both stages."""


@click.command(name="base")
@options.dataset
@click.option("--stage", type=click.Choice(["pretrain", "sft"]), default="pretrain",
              show_default=True, help="Pretraining or fine-tuning.")  # fmt: skip
@click.option(
    "--vision-vocabulary",
    metavar="PATH",
    help="The vocabulary network: a Vary-tiny run, an export or a known checkpoint.",
)
@options.preset
@options.recipe
@options.out("runs/base")
@options.gpus
@options.print_config
@options.overrides
def command(
    stage: str,
    vision_vocabulary: str | None,
    out: Path,
    gpus: int,
    print_config: bool,
    **shared: Any,
) -> int:
    """Train Vary-base: frozen CLIP and vocabulary network with a language model.

    --stage pretrain trains projectors and language model at 5e-5; --stage sft continues at 1e-5
    from model.weights.vary=RUN.
    """
    if vision_vocabulary:
        weights = f"model.weights.vision={json.dumps(vision_vocabulary)}"
        shared["overrides"] = (weights, *shared["overrides"])
    if shared["preset"] and stage == "sft":
        shared["overrides"] = (*TOY_SFT, *shared["overrides"])
    return options.train(options.settings(f"base-{stage}", **shared), out, print_config, gpus)
