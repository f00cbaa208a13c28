"""`vary-data demo`: the packaged demo recipe, then a page that shows samples."""

from __future__ import annotations

from typing import Any

import click

from vary_data.cli.flags import RUN_FLAGS, flags
from vary_data.cli.run import Size, make


@click.command(name="demo")
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, **run_flags: Any) -> None:
    """A few hundred samples of every kind, from inputs that come with the package."""
    output_is_set = ctx.get_parameter_source("output") is not click.core.ParameterSource.DEFAULT
    make("demo", {}, Size(), run_flags, output_is_set)
    if run_flags["dry_run"]:
        return
    from vary_data.base.storage import location
    from vary_data.quality.preview import write_preview

    output = location(run_flags["output"])
    page = output / "preview.html"
    write_preview(output, page)
    click.echo(f"look at it: {page.resolve()}", err=True)
