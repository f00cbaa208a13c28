"""`vary-data import NAME --src PATH`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate
from vary_data.generators.imports import SETS, SPLITS


@click.command(name="import")
@click.argument("dataset", type=click.Choice(SETS))
@click.option("--src", required=True, help="Annotation file (llava, vary) or folder (others).")
@click.option("--images", help="Where the pictures are.  [beside the annotation file]")
@click.option("--split", type=click.Choice(SPLITS), help="Of docvqa and chartqa.  [train]")
@click.option("--short-answers", is_flag=True, default=None, help="Ask for a word or phrase.")
@click.option("--long-side", type=int, help="Make larger pictures smaller.  [2048]")
@click.option("--license", "licence", help="Licence to state for every row.")
@click.option("--max-rows", type=click.IntRange(min=1), help="Only so many rows of the source.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the texts.  [en]")
@flags(*RECIPE_FLAGS, *RUN_FLAGS)
def command(dataset: str, lang: str | None, licence: str | None, **given: Any) -> None:
    """Bring a public set into the schema: llava, vary, docvqa, chartqa, laion-coco.

    Rows that cannot be used (missing images, empty turns, failed downloads) are counted
    rejections; `vary-data stats` shows them.
    """
    own = ("src", "images", "split", "short_answers", "long_side", "max_rows")
    options = {name: given.pop(name) for name in own}
    options.update(dataset=dataset, license=licence)
    if given["name"] is None and not given["config"]:
        given["name"] = f"{dataset}-{lang or 'en'}"
    if given["splits"] is None and dataset in ("docvqa", "chartqa"):
        given["splits"] = options["split"] or "train"
    generate("import", lang, options, given)
