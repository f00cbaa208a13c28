"""`vary-data contamination OUT --against TESTSET`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from vary_data.quality.contamination import ContaminationReport

EXIT_TOO_MUCH = 3


@click.command(name="contamination")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--against", required=True, type=click.Path(path_type=Path), help="The test set, a dataset."
)
@click.option(
    "--run", "n", type=click.IntRange(5, 100), default=13, show_default=True,
    help="Length of a run in words (in Chinese: characters).",
)  # fmt: skip
@click.option("--split", "splits", multiple=True, help="Only these splits of OUT.")
@click.option(
    "--worst", type=click.IntRange(0), default=10, show_default=True, help="Samples to list."
)
@click.option(
    "--report", "report_file", type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json", help="Write the complete result, with every sample.",
)  # fmt: skip
@click.option(
    "--max-share", type=click.FloatRange(0, 1), default=1.0, show_default=True,
    help="Exit with 3 if a larger share of the test set has 20 % of its words in OUT.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
@click.pass_context
def command(
    ctx: click.Context,
    out: Path,
    against: Path,
    n: int,
    splits: tuple[str, ...],
    worst: int,
    report_file: Path | None,
    max_share: float,
    as_json: bool,
) -> None:
    """Measure how much of a test set the dataset in OUT contains.

    Searches every row of OUT for runs of 13 words (Chinese: characters) of the test set. OUT is
    read once; only the test set is in memory.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.engine.writer import write_text
    from vary_data.quality.contamination import compare
    from vary_data.quality.progress import line

    with line("rows read") as progress:
        report = compare(Dataset.open(out), Dataset.open(against), n, splits, progress)
    if report_file:
        text = json.dumps(report.to_dict(), ensure_ascii=False, indent=1)
        write_text(report_file, f"{text}\n")
    if as_json:
        click.echo(json.dumps(report.to_dict(worst), ensure_ascii=False))
    else:
        _print(report, worst)
    ctx.exit(EXIT_TOO_MUCH if report.share > max_share else 0)


def _print(report: ContaminationReport, worst: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)

    def table(*columns: str) -> Table:
        made = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
        for i, column in enumerate(columns):
            justify: Literal["left", "right"] = "left" if i == 0 else "right"
            made.add_column(column, justify=justify, overflow="fold")
        return made

    groups = table("test set", "samples", "compared", "any run seen", "20 % seen", "80 % seen")
    for name, g in report.groups.items():
        counts = (g.samples, g.compared, g.any, g.touched, g.mostly)
        groups.add_row(name, *(f"{count:,}" for count in counts))
    rows = table("dataset", "rows", "that share a run")
    for name, (count, sharing) in report.dataset.items():
        rows.add_row(name, f"{count:,}", f"{sharing:,}")
    for item in (groups, rows):
        console.print(item)
        console.print()
    for seen in report.seen[:worst]:
        click.echo(
            f"{seen.id} ({seen.config}): {seen.share:.0%} of its words seen, "
            f"{seen.nearest_share:.0%} of its runs in {seen.nearest} ({seen.nearest_config})"
        )
        click.echo(f"    {seen.example} …")
    if worst and report.seen:
        click.echo()
    documents = len(report.documents)
    click.echo(
        f"{report.share:.1%} of the compared samples have 20 % of their words in the dataset; "
        f"{documents:,} of their documents are in it"
    )
