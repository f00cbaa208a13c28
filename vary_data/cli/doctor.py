"""`vary-data doctor`."""

from __future__ import annotations

import json
import shutil
import textwrap
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vary_data.quality.doctor import MachineCheck

EXIT_MISSING = 1
SIGNS = {
    "ok": ("✓", "green"),
    "missing": ("✗", "red"),
    "absent": ("–", "yellow"),
    "note": (" ", ""),
}


@click.command(name="doctor")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True,
    help="Where data would be written.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
@click.pass_context
def command(ctx: click.Context, output: Path, as_json: bool) -> None:
    """Check dependencies and print the install command.

    Exit code 1 if a dependency of a core command is missing; missing optional dependencies are
    marked with a dash.
    """
    from vary_data.quality.doctor import examine

    checks = examine(output)
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    else:
        _print(checks)
    ctx.exit(EXIT_MISSING if any(check.state == "missing" for check in checks) else 0)


def _print(checks: Sequence[MachineCheck]) -> None:
    from vary_data.quality.doctor import install_commands

    width = max(len(check.name) for check in checks)
    for group, members in groupby(checks, key=lambda check: check.group):
        click.secho(group, bold=True)
        for check in members:
            click.echo(_line(check, width))
    lines = list(install_commands(checks))
    if lines:
        click.echo("\nTo install what is missing:")
        for line in lines:
            click.echo(f"  {line}")


def _line(check: MachineCheck, width: int) -> str:
    sign, color = SIGNS[check.state]
    message = check.detail
    if check.state in ("missing", "absent"):
        if check.needed_by:
            message += f" (for {check.needed_by})"
        if check.state == "absent" and (check.fix or check.packages):
            message += f": {check.fix or 'apt-get install ' + ' '.join(check.packages)}"
    margin = " " * (width + 6)
    columns = max(60, shutil.get_terminal_size().columns)
    lines = textwrap.wrap(
        message.strip(), columns - len(margin), break_long_words=False, break_on_hyphens=False
    )
    text = f"\n{margin}".join(lines)
    return f"  {click.style(sign, fg=color or None)} {check.name:{width}}  {text}".rstrip()
