"""`vary-data push OUT ORG/NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vary_data.base.errors import SourceError

if TYPE_CHECKING:
    from vary_data.hub.stage import Stage


@click.command(name="push")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("repo", metavar="ORG/NAME")
@click.option("--private", is_flag=True, help="Create a private repository.")
@click.option("--name", "names", multiple=True, help="Only these configurations.")
@click.option(
    "--about", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.md",
    help="Markdown to insert below the card's title.",
)  # fmt: skip
@click.option("--message", default="Upload by vary-data", show_default=True, help="Commit message.")
@click.option("--dry-run", is_flag=True, help="Write the card and show what would be uploaded.")
def command(
    out: Path,
    repo: str,
    private: bool,
    names: tuple[str, ...],
    about: Path | None,
    message: str,
    dry_run: bool,
) -> None:
    """Publish the dataset in OUT on the Hugging Face Hub as ORG/NAME, with a card.

    The card describes the content, how it was made, the sources and the licenses. Engine state,
    inputs and local paths are not published. The same command resumes a stopped upload; files
    that are already on the Hub are not sent again.
    """
    from vary_data.dataset.reader import Dataset
    from vary_data.hub.stage import stage
    from vary_data.hub.upload import check_name, endpoint, upload

    check_name(repo)
    staged = stage(Dataset.open(out), repo, endpoint(), names, _text(about))
    _print(staged)
    if dry_run:
        click.echo("nothing was uploaded; the card is in", err=True)
        click.echo(str(staged.card))
        return
    click.echo(upload(staged, repo, private, message))


def _text(about: Path | None) -> str:
    try:
        return about.read_text(encoding="utf-8") if about else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {about}: {error}") from error


def _print(staged: Stage) -> None:
    from vary_data.hub.licenses import UNKNOWN
    from vary_data.quality.stats.table import size

    for config in staged.facts.configs:
        splits = ", ".join(f"{rows:,} in {split}" for split, rows in config.splits.items())
        left_out = f", {config.left_out:,} duplicates left out" if config.left_out else ""
        click.echo(f"{config.name}: {splits}{left_out}", err=True)
    others = [file for file in staged.files if not file.endswith(".parquet")]
    shards = len(staged.files) - len(others)
    click.echo(f"{shards} shards, {size(staged.bytes)}, and {', '.join(others)}", err=True)
    unknown = sum(rows for name, rows in staged.facts.licenses().items() if name in UNKNOWN)
    if unknown:
        click.echo(f"note: {unknown:,} samples have no license; use --license", err=True)
