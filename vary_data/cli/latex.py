"""`vary-data latex --src PATH`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate


@click.command(name="latex")
@click.option(
    "--src",
    multiple=True,
    metavar="PATH",
    help="Folders of sources as arXiv gives them, archives, or single .tex files.",
)
@click.option(
    "--lang",
    type=click.Choice(["auto", "en", "zh"]),
    help="Set documents of this language; auto sets every known one under its own.  [auto]",
)
@click.option("--templates", help="Names from the manifest, e.g. article,ieee.  [all that fit]")
@click.option("--templates-per-doc", type=click.IntRange(min=1), help="How many.  [1]")
@click.option("--long-side", type=click.IntRange(64, 8192), help="Pixels.  [1280]")
@click.option("--crops", help="tables,formulas: each of them as a sample of its own, too.")
@click.option("--license", "licence", help="Licence to state for the documents.")
@flags(*RECIPE_FLAGS, *RUN_FLAGS)
def command(lang: str | None, licence: str | None, **given: Any) -> None:
    """LaTeX sources, set again in our templates: pages with exact Mathpix Markdown and boxes.

    Sources are taken apart, never compiled; what does not fit a block exactly is a counted
    rejection. `vary-data latex --src arxiv/` is enough.
    """
    own = ("src", "templates", "templates_per_doc", "long_side", "crops")
    options = {name: given.pop(name) for name in own}
    options["license"] = licence
    if lang == "auto" or (lang is None and not given["config"]):
        options["detect"] = True
        lang = "en"
        given["name"] = given["name"] or "latex"
    if given["timeout"] is None and not given["config"]:
        given["timeout"] = 300.0
    generate("latex", lang, options, given)
