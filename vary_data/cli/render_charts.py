"""`vary-data render-charts`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.browser import BROWSER_FLAGS, use_browser
from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate


@click.command(name="render-charts")
@click.option(
    "--lang", type=click.Choice(["en", "zh", "both"]), help="Language of the texts.  [en]"
)
@click.option(
    "--backend",
    type=click.Choice(["matplotlib", "pyecharts", "both"]),
    help="Who draws; both take turns.  [matplotlib]",
)
@click.option("--types", help="Chart types, e.g. bar,pie.  [all that the backend draws]")
@click.option("-n", "--num-samples", type=click.IntRange(min=1), help="How many charts.  [1000]")
@click.option("--size", metavar="WIDTHxHEIGHT", help="Of the pictures, in pixels.  [varied]")
@click.option(
    "--corpus",
    multiple=True,
    metavar="PATH",
    help="Texts to name things with: .txt, .jsonl, a folder, or a local dataset.  [built in]",
)
@flags(*BROWSER_FLAGS, *RECIPE_FLAGS, *RUN_FLAGS)
def command(lang: str | None, **given: Any) -> None:
    """Random charts, with exactly what can be read on them as a Python dict.

    Every string of the dict is found drawn, whole and unobstructed, or the chart is drawn again.
    `vary-data render-charts --lang zh` is enough.
    """
    use_browser(given)
    own = ("backend", "types", "num_samples", "size", "corpus")
    generate("render-charts", lang, {name: given.pop(name) for name in own}, given)
