"""`vary-data negatives --coco PATH`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate


@click.command(name="negatives")
@click.option("--coco", help="A COCO root, a folder or archive of pictures, or a local dataset.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), help="Of the sentences.  [en]")
@click.option("-n", "--num-samples", type=click.IntRange(min=1), help="At most.  [120000]")
@click.option("--coco-split", help="Folder and annotations of a COCO root.  [train2017]")
@click.option(
    "--long-side", type=click.IntRange(32, 8192), help="Make larger ones smaller.  [1280]"
)
@click.option("--license", "licence", help="For pictures whose licence no annotation states.")
@flags(*RECIPE_FLAGS, *RUN_FLAGS)
def command(lang: str | None, licence: str | None, **given: Any) -> None:
    """Natural pictures, and a sentence that says there is nothing to read."""
    options = {
        "coco": given.pop("coco"),
        "n": given.pop("num_samples"),
        "split": given.pop("coco_split"),
        "long_side": given.pop("long_side"),
        "license": licence,
    }
    generate("negatives", lang, options, given)
