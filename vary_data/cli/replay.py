"""`vary-data replay OUT ID`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vary_data.quality.replay import Redrawn

EXIT_DIFFERS = 3


@click.command(name="replay")
@click.argument("out")
@click.argument("sample_id", metavar="ID")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the picture."
)
@click.option("--show-diff", is_flag=True, help="Show what differs, line by line.")
@click.pass_context
def command(
    ctx: click.Context, out: str, sample_id: str, output: Path | None, show_diff: bool
) -> None:
    """Draw the sample ID of the dataset in OUT again, from its recipe and its id.

    Compares text, regions and pixels with the stored sample. Exit code 0 if they are equal, 3 if
    something differs.
    """
    from vary_data.base.storage import location
    from vary_data.quality.replay import changed_versions, find, redraw

    configuration, row = find(location(out), sample_id)
    (redrawn,) = redraw(configuration, [row])
    _print(redrawn, show_diff)
    if not redrawn.agrees and (changed := changed_versions(configuration)):
        click.echo(f"the dataset was made with other versions: {changed}")
    if output and redrawn.drawn is not None:
        _write(redrawn, output)
    ctx.exit(0 if redrawn.agrees else EXIT_DIFFERS)


def _print(redrawn: Redrawn, show_diff: bool) -> None:
    from vary_data.quality.replay import pixel_difference, region_difference, text_difference

    if redrawn.drawn is None:
        click.echo(f"not drawn: {redrawn.failure}")
        return
    parts = (
        ("text", redrawn.text_agrees, text_difference),
        ("regions", redrawn.regions_agree, region_difference),
        ("pixels", redrawn.pixels_agree, lambda r: [pixel_difference(r)]),
    )
    for name, agrees, difference in parts:
        word = click.style("same", fg="green") if agrees else click.style("different", fg="red")
        click.echo(f"{name:8} {word}")
        if show_diff and not agrees:
            for line in difference(redrawn):
                click.echo(f"    {line}")


def _write(redrawn: Redrawn, output: Path) -> None:
    from vary_data.base.errors import OutputError
    from vary_data.quality.replay import encoded

    assert redrawn.drawn is not None
    try:
        output.write_bytes(encoded(redrawn.drawn, output.suffix))
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}") from error
    click.echo(output)
