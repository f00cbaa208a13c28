"""`vary-data demo`: the packaged demo recipe, then a page to look at."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.generate import RUN_FLAGS, flags
from vary_data.cli.run import make


@click.command(name="demo")
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """A few hundred samples of every kind, from inputs that come with the package."""
    own_output = ctx.get_parameter_source("output") is not click.core.ParameterSource.DEFAULT
    make("demo", {}, 1.0, given, own_output)
    if given["dry_run"]:
        return
    from vary_data.base.storage import location
    from vary_data.quality.preview import write_preview

    output = location(given["output"])
    page = output / "preview.html"
    write_preview(output, page)
    click.echo(f"look at it: {page.resolve()}", err=True)
