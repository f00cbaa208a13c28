"""`vary-data unit-tests OUT --to FOLDER`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command(name="unit-tests")
@click.argument("out")
@click.option("--to", "target", required=True, help="Folder to write; must be empty or absent.")
@click.option("--name", "names", multiple=True, help="Only these configurations.")
@click.option("--split", help="Only this split.  [all]")
@click.option(
    "--per-row",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    help="Tests of a row, at most.",
)
@click.option("-n", "limit", type=click.IntRange(min=1), help="Rows of a configuration.  [all]")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the choice.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
def command(
    out: str,
    target: str,
    names: tuple[str, ...],
    split: str | None,
    per_row: int,
    limit: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Write facts of each row in OUT as tests of answers, in olmOCR-bench's format.

    `vary-train evaluate --unit-tests FOLDER` and olmOCR-bench run them.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.unit_tests.write import write_unit_tests

    dataset = Dataset.open(out)
    chosen = [dataset.config(name) for name in names] if names else list(dataset.configs)
    written = write_unit_tests(
        chosen, Path(target), split=split, per_row=per_row, limit=limit, seed=seed
    )
    if as_json:
        click.echo(json.dumps({"output": target, **asdict(written)}))
        return
    types = ", ".join(f"{name} {count:,}" for name, count in written.tests.items())
    for reason, count in written.left_out.items():
        click.echo(f"left out: {reason} {count:,}", err=True)
    click.echo(f"{written.rows:,} rows: {types}", err=True)
    if written.short:
        click.echo(f"{written.short:,} rows have fewer than {per_row} tests", err=True)
    click.echo(target)
