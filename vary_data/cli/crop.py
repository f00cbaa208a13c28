"""`vary-data crop DATASET`."""

from __future__ import annotations

from typing import Any

import click

from vary_data.base.options import options_of
from vary_data.cli.flags import RECIPE_FLAGS, RUN_FLAGS, flags, option_flags
from vary_data.cli.generate import generate
from vary_data.generators.crop import CropOptions


@click.command(name="crop")
@flags(*option_flags(CropOptions), *RECIPE_FLAGS, *RUN_FLAGS)
def command(**values: Any) -> None:
    """Tables, formulas and other blocks of the pages in DATASET as samples of their own."""
    options = {name: values.pop(name) for name in options_of(CropOptions) if name in values}
    values["name"] = values["name"] or "crop"
    generate("crop", None, options, values)
