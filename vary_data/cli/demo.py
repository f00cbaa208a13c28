"""`vary-data demo`: the packaged demo recipe, then a page that shows samples."""

from __future__ import annotations

from typing import Any

import click

from vary_data.base.errors import ToolMissing
from vary_data.cli.flags import RUN_FLAGS, flags
from vary_data.cli.run import Size, make


@click.command(name="demo")
@click.option(
    "--backend",
    type=click.Choice(("both", "matplotlib")),
    default="both",
    show_default=True,
    help="matplotlib needs no browser: no charts by pyecharts, and no browser pages.",
)
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, backend: str, **run_flags: Any) -> None:
    """A few hundred samples of every kind, from inputs that come with the package."""
    output_is_set = ctx.get_parameter_source("output") is not click.core.ParameterSource.DEFAULT
    if backend == "both" and not run_flags["dry_run"]:
        _check_browser()
    without = () if backend == "both" else ("web-pages",)
    make("demo", {"backend": backend}, Size(), run_flags, output_is_set, without)
    if run_flags["dry_run"]:
        return
    from vary_data.base.storage import location
    from vary_data.quality.preview import write_preview

    output = location(run_flags["output"])
    page = output / "preview.html"
    write_preview(output, page)
    click.echo(f"look at it: {page.resolve()}", err=True)


def _check_browser() -> None:
    """Look for Chromium before TeX is made ready, which takes minutes the first time."""
    from renderers.find_browser import find_browser
    from renderers.tool_errors import ToolNotFound

    try:
        find_browser(otherwise="--backend matplotlib needs none")
    except ToolNotFound as error:
        raise ToolMissing(error.message, error.hint) from error
