"""`vary-data dedup OUT`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vary_data.quality.dedup import DedupResult


@click.command(name="dedup")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--name", "names", multiple=True, help="Only these configurations.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="Smallest similarity of near-duplicates; 1 finds only exact ones.",
)
@click.option(
    "--within-documents", is_flag=True, help="Also compare a configuration's rows of one document."
)
@click.option("--dry-run", is_flag=True, help="Show what would be left out, and write nothing.")
@click.option("--undo", is_flag=True, help="Delete the keep-lists: every row is read again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
def command(
    out: Path,
    names: tuple[str, ...],
    threshold: float,
    within_documents: bool,
    dry_run: bool,
    undo: bool,
    as_json: bool,
) -> None:
    """Exclude duplicate rows of the dataset in OUT.

    The data is not changed: a keep-list next to it excludes the rows from mix, export, stats,
    preview, push and vary-train. Of two rows, the one for evaluation is kept.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.quality import dedup
    from vary_data.quality.progress import line

    dataset = Dataset.open(out)
    if undo:
        undone = dedup.undo(dataset, names)
        click.echo(f"every row is read again of: {', '.join(undone) or 'nothing had a keep-list'}")
        return
    with line("rows compared") as progress:
        found = dedup.find(
            dataset, dedup.DedupSettings(threshold, within_documents), names, progress
        )
    if not dry_run:
        dedup.write(found)
    if as_json:
        facts = {"rows": found.rows, "left_out": len(found.duplicates), "written": not dry_run}
        click.echo(json.dumps({**facts, "configurations": found.counts()}, ensure_ascii=False))
    else:
        _print(found, dry_run)


def _print(found: DedupResult, dry_run: bool) -> None:
    for name, counts in found.counts().items():
        click.echo(
            f"{name}: {counts['exact'] + counts['near']:,} of {counts['rows']:,} rows "
            f"{'would be' if dry_run else 'are'} left out "
            f"({counts['exact']:,} exact, {counts['near']:,} near)"
        )
