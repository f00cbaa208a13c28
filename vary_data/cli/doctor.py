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

    from vary_data.quality.doctor import Check

MISSING = 1
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
    """Say what this machine has, and the line that mends what is missing.

    Exit code 1 when something is missing that a core command needs; what only optional parts
    need is marked with a dash.
    """
    from vary_data.quality.doctor import examine

    checks = examine(output)
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    else:
        _print(checks)
    ctx.exit(MISSING if any(check.state == "missing" for check in checks) else 0)


def _print(checks: Sequence[Check]) -> None:
    from vary_data.quality.doctor import mending

    width = max(len(check.name) for check in checks)
    for group, members in groupby(checks, key=lambda check: check.group):
        click.secho(group, bold=True)
        for check in members:
            click.echo(_line(check, width))
    lines = list(mending(checks))
    if lines:
        click.echo("\nTo mend what is missing:")
        for line in lines:
            click.echo(f"  {line}")


def _line(check: Check, width: int) -> str:
    sign, colour = SIGNS[check.state]
    said = check.detail
    if check.state in ("missing", "absent"):
        if check.needed_by:
            said += f" (for {check.needed_by})"
        if check.state == "absent" and (check.fix or check.packages):
            said += f": {check.fix or 'apt-get install ' + ' '.join(check.packages)}"
    margin = " " * (width + 6)
    columns = max(60, shutil.get_terminal_size().columns)
    lines = textwrap.wrap(
        said.strip(), columns - len(margin), break_long_words=False, break_on_hyphens=False
    )
    text = f"\n{margin}".join(lines)
    return f"  {click.style(sign, fg=colour or None)} {check.name:{width}}  {text}".rstrip()
