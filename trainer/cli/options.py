"""Options that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from trainer.settings import Settings, load_settings, recipe_path

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

dataset = click.option(
    "--dataset",
    "-d",
    "datasets",
    multiple=True,
    metavar="FOLDER",
    help="A folder that vary-data wrote, a mixture's description (.yaml), or a hub id; may be "
    "given several times.",
)
preset = click.option(
    "--preset",
    type=click.Choice(["toy"]),
    help="toy: a size that trains on two CPU cores in some minutes, with no downloads.",
)
recipe = click.option(
    "--recipe",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A YAML file of settings; the default has the paper's values.",
)
print_config = click.option("--print-config", is_flag=True, help="Show all settings and stop.")
overrides = click.argument("overrides", nargs=-1, metavar="[SETTING=VALUE]...")


def no_weight_bars() -> None:
    """Write and load weights without progress bars; downloads keep theirs."""
    from huggingface_hub.utils.tqdm import enable_progress_bars
    from transformers.utils import logging

    logging.disable_progress_bar()
    enable_progress_bars()


def settings(
    name: str,
    preset: str | None,
    recipe: Path | None,
    datasets: Iterable[str],
    overrides: Iterable[str],
) -> Settings:
    """Settings from a recipe (by default the shipped one called `name`) and the command line."""
    if preset:
        name = f"{name.split('-')[0]}-{preset}"
    import json

    given = list(datasets)
    chosen = [f"data.datasets={json.dumps(given)}"] if given else []
    return load_settings(recipe or recipe_path(name), [*chosen, *overrides])
