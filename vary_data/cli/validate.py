"""`vary-data validate OUT`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vary_data.quality.validate import ValidationReport

EXIT_PROBLEMS = 3


@click.command(name="validate")
@click.argument("out")
@click.option("--deep", is_flag=True, help="Check every row against its own picture.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes for --deep [all cores].")
@click.option(
    "--replays",
    type=click.IntRange(0),
    default=4,
    show_default=True,
    help="Samples of each configuration that --deep draws again.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Problems listed of each check; all are counted.",
)
@click.option(
    "--reader",
    metavar="NAME",
    help="Read every picture with an OCR engine, too: rapidocr. Includes --deep.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
@click.pass_context
def command(
    ctx: click.Context,
    out: str,
    deep: bool,
    jobs: int | None,
    replays: int,
    limit: int,
    reader: str | None,
    as_json: bool,
) -> None:
    """Check that the dataset in OUT is complete and, with --deep, that texts match pictures.

    OUT is a dataset folder or one of its configurations. Exit code 0 if there are no problems, 3
    if there are.
    """
    from vary_data.api import validate
    from vary_data.quality.progress import line

    with line("rows checked") as progress:
        report = validate(
            out,
            deep=deep,
            workers=jobs,
            replays=replays,
            limit=limit,
            reader=reader,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        _print(report)
    ctx.exit(0 if report.clean else EXIT_PROBLEMS)


def _print(report: ValidationReport) -> None:
    for problem in report.problems:
        click.echo(f"{click.style(problem.check, fg='red')}  {problem}")
    for note in report.notes:
        click.echo(f"{click.style('note', fg='yellow')}  {note}")
    seen = f"{report.rows:,} rows in {report.files} files of {report.configurations} configurations"
    if report.deep:
        seen += f", every row checked, {report.replayed} drawn again"
    if report.clean:
        click.echo(f"{click.style('clean', fg='green')}: {seen}")
    else:
        total = sum(report.counts.values())
        counts = ", ".join(f"{check} {count}" for check, count in report.counts.items())
        click.echo(f"{click.style(f'{total:,} problems', fg='red')} ({counts}): {seen}")
