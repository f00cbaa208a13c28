"""The public functions of `trainer`; the commands are wrappers around them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trainer.prediction import load_reader as load_reader
from trainer.settings import Settings, open_recipe
from trainer.training.loop import train as run_training


def train(
    recipe: Settings | str | Path,
    out: str | Path,
    datasets: Iterable[str | Path] = (),
    overrides: Iterable[str] = (),
) -> Path:
    """Train a model in the folder `out`; called again, it continues where it stopped.

        from trainer import train

        train("tiny-toy", "runs/tiny", datasets=["out"], overrides=["train.steps=200"])

    Args:
        recipe: settings, a recipe file (YAML), or the name of a recipe of the package: `tiny`,
            `base-pretrain`, `base-sft`, `tiny-random`, `tiny-toy` or `base-toy`.
        out: the folder of the run.
        datasets: folders that vary-data wrote, mixtures (YAML) or hub ids, instead of the
            recipe's.
        overrides: changes of single settings, like `optim.lr=1e-4`.

    Returns:
        The folder of the run, which `load_reader` reads.

    Raises:
        SettingsError: a setting is not valid.
        DataError: there is nothing to train on.
        WeightsError: initial weights do not fit the model.
        RunError: `out` cannot be written or belongs to other settings, or training failed.
        OutOfMemory: the device is too small for these settings.
    """
    if isinstance(recipe, Settings):
        if datasets or overrides:
            raise TypeError("datasets and overrides need a recipe, not settings")
        settings = recipe
    else:
        settings = open_recipe(recipe, map(str, datasets), overrides)
    run_training(settings, Path(out))
    return Path(out)
