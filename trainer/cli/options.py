"""Options that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from trainer.errors import SettingsError
from trainer.launch import is_launched, launch, one_report
from trainer.settings import Settings, open_recipe

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

dataset = click.option(
    "--dataset",
    "-d",
    "datasets",
    multiple=True,
    metavar="FOLDER",
    help="A folder made by vary-data, a URL, a mixture (YAML) or a hub id. Repeatable.",
)
preset = click.option(
    "--preset",
    type=click.Choice(["toy"]),
    help="toy: a size that trains on two CPU cores in minutes, without downloads.",
)
recipe = click.option(
    "--recipe",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A YAML file of settings.  [the paper's values]",
)
print_config = click.option("--print-config", is_flag=True, help="Print all settings and exit.")
overrides = click.argument("overrides", nargs=-1, metavar="[SETTING=VALUE]...")

batch = click.option(
    "--batch", type=click.IntRange(1), metavar="N", callback=lambda _, __, value: value or 0,
    help="Pictures read at a time.  [as many as fit a GPU, up to 256; 8 on a CPU]",
)  # fmt: skip
max_new_tokens = click.option(
    "--max-new-tokens", default=2048, show_default=True, type=click.IntRange(1), metavar="N",
    help="Maximum length of an answer.",
)  # fmt: skip
no_repeat_ngram = click.option(
    "--no-repeat-ngram", default=0, show_default=True, type=click.IntRange(0), metavar="N",
    help="Forbid repeated runs of this many tokens; 0 allows them.",
)  # fmt: skip
no_repeat = click.option(
    "--no-repeat", is_flag=True,
    help="End an answer that repeats one piece of text again and again.",
)  # fmt: skip


gpus = click.option(
    "--gpus", default=1, show_default=True, type=click.IntRange(1), metavar="N",
    help="Processes to start on this computer, one for each GPU.",
)  # fmt: skip


def out(default: str) -> Decorator:
    """The option for the folder of a run."""
    return click.option(
        "--out", "-o", type=click.Path(path_type=Path), default=Path(default), show_default=True,
        help="Folder of the run.",
    )  # fmt: skip


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
    with one_report():
        return open_recipe(recipe or name, datasets, overrides)


def train(settings: Settings, out: Path, print_config: bool, gpus: int = 1) -> int:
    """Train, or only print the settings; returns the exit code."""
    if print_config:
        from trainer.settings import to_yaml

        click.echo(to_yaml(settings), nl=False)
        return 0
    from trainer.data.catalog import check_sources

    check_sources(settings.data.datasets)  # before torch and transformers are loaded
    if gpus > 1:
        return _train_in_processes(settings, out, gpus)
    from trainer import api

    no_weight_bars()
    api.train(settings, out)
    return 0


def _train_in_processes(settings: Settings, out: Path, gpus: int) -> int:
    """Start processes that train, and give their exit code."""
    from trainer.settings import to_yaml

    if is_launched():
        raise SettingsError("--gpus starts processes, but torchrun has started this one",
                            "leave out --gpus or torchrun")  # fmt: skip
    if settings.train.device != "cpu":
        import torch

        if torch.cuda.device_count() < gpus:
            raise SettingsError(f"--gpus is {gpus}, but {torch.cuda.device_count()} are visible")
    with TemporaryDirectory() as folder:
        recipe = Path(folder, "recipe.yaml")
        recipe.write_text(to_yaml(settings), encoding="utf-8")
        return launch(["-m", "trainer", "tiny", "--recipe", str(recipe), "--out", str(out)], gpus)
