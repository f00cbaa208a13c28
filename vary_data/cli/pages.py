"""`vary-data pages --src PATH`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate


@click.command(name="pages")
@click.option(
    "--src",
    multiple=True,
    metavar="PATH",
    help="Folders (recursive), files, patterns, or @FILE with one of them per line.",
)
@click.option(
    "--lang",
    type=click.Choice(["auto", "en", "zh"]),
    help="Keep pages of this language; auto keeps every known one under its own.  [auto]",
)
@click.option(
    "--rasterizer", type=click.Choice(["pymupdf", "pdf2image"]), help="Who draws.  [pymupdf]"
)
@click.option("--long-side", type=click.IntRange(64, 8192), help="Pixels.  [1280]")
@click.option("--dpi", type=click.IntRange(36, 600), help="Instead of --long-side.")
@click.option("--max-pages-per-doc", type=click.IntRange(min=1), help="A seeded choice of pages.")
@click.option("--layouts", type=click.IntRange(1, 50), help="Layouts an e-book is set in.  [2]")
@click.option("--keep-rows", is_flag=True, default=None, help="A line break after every row.")
@click.option("--page-timeout", type=float, help="Seconds per page.  [10]")
@click.option("--license", "licence", help="Licence to state for the documents.")
@flags(*RECIPE_FLAGS, *RUN_FLAGS)
def command(lang: str | None, licence: str | None, **given: Any) -> None:
    """Pages of PDF files and e-books with the text that they show.

    Scans, hidden or undecodable text, damaged files and pages in another language are counted
    rejections; `vary-data stats` shows them.
    """
    own = ("src", "rasterizer", "long_side", "dpi", "max_pages_per_doc", "layouts", "keep_rows")
    options = {name: given.pop(name) for name in (*own, "page_timeout")}
    options["license"] = licence
    if lang == "auto" or (lang is None and not given["config"]):
        options["detect"] = True
        lang = "en"
        given["name"] = given["name"] or "pages"
    generate("pages", lang, options, given)
