"""A note on datasets whose regions are older than the schema of this version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig


def note_old_schema(configs: Iterable[DatasetConfig]) -> None:
    """Name the configurations with regions of schema 1 on stderr, once for a command."""
    from vary_data.dataset.schema import VERSION

    old = dict.fromkeys(config.name for config in configs if config.schema < VERSION)
    if old:
        click.echo(f"note: {', '.join(old)}: schema 1, regions have no tree", err=True)
