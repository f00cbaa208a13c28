"""`vary-data degrade DATASET --profile photo`."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from vary_data.base.errors import SourceError
from vary_data.base.storage import location
from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import recipes_of, run_all
from vary_data.generators.degrade import Degrade, DegradeOptions

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig

LANG = lang_flag(Degrade.languages, "Language that the recipe states.  [that of the dataset]")


@generator_command(Degrade, LANG, without=("degrade",))
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Scans, copies and photographs of the pictures of DATASET, with regions that follow.

    Makes a configuration CONFIG-PROFILE of each configuration of DATASET; degraded ones are left
    out. Text that would be illegible makes its picture weaker; `vary-data stats` shows how often.
    Pictures are JPEG unless --image-format says otherwise.
    """
    from vary_data.dataset.reader import Dataset

    found = Dataset.open(location(options["dataset"])).configs
    # A folder that is named as a configuration is meant, whatever made it.
    configs = [c for c in found if len(found) == 1 or c.recipe.get("generator") != Degrade.name]
    if len(found) > 1:
        configs = [c for c in configs if _has_rows(c, options["split"] or DegradeOptions().split)]
    if not configs:
        raise SourceError(f"{options['dataset']} has no configuration to degrade")
    profile = options["profile"] or DegradeOptions().profile
    given = shared_flags["name"]
    recipes = []
    for config in configs:
        name = given or f"{config.name}-{PurePath(profile).stem}"
        if given and len(configs) > 1:
            name = f"{config.name}-{given}"
        shared = {
            **shared_flags,
            "name": name,
            "splits": shared_flags["splits"] or {options["split"] or "train": 1.0},
            "image_format": shared_flags["image_format"] or "jpeg",
        }
        source = {**options, "dataset": str(config.path)}
        recipes += recipes_of(Degrade.name, lang or config.recipe.get("lang"), source, shared)
    run_all(recipes, shared_flags)


def _has_rows(config: DatasetConfig, split: str) -> bool:
    """Whether a configuration has rows in the split; else it is named."""
    if split in config.splits and next(iter(config.rows(["id"], split)), None) is not None:
        return True
    click.echo(f"{config.name}: no row in the split {split}", err=True)
    return False
