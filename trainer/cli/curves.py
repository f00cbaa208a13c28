"""`vary-train curves`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="curves")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("curves"),
              show_default=True, help="Write OUT.png and OUT.html.")  # fmt: skip
@click.option("--minutes", is_flag=True, help="Plot over time instead of steps.")
@click.option("--panel", "panels", multiple=True, metavar="NAME",
              help="Only these panels: loss, gain, dense_accuracy, … Repeatable.")  # fmt: skip
def command(runs: tuple[Path, ...], out: Path, minutes: bool, panels: tuple[str, ...]) -> None:
    """Plot loss, vision gain and speed of RUNS together."""
    from trainer.curves import KEYS, draw, page, read_history
    from trainer.errors import RunError, SettingsError, nearest

    for panel in panels:
        if panel not in KEYS:
            raise SettingsError(f"there is no panel {panel!r}", nearest(panel, KEYS))
    histories = [read_history(run) for run in runs]
    picture = draw(histories, minutes, panels)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.with_suffix(".png").write_bytes(picture)
        out.with_suffix(".html").write_text(page(histories, picture), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{out}.png cannot be written ({error.strerror})") from error
    click.echo(f"{out.with_suffix('.png')}\n{out.with_suffix('.html')}")
