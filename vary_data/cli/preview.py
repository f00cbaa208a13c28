"""`vary-data preview OUT`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="preview")
@click.argument("out")
@click.option(
    "-n", "--samples", type=click.IntRange(1, 2000), default=60, show_default=True,
    help="Number of samples: a few of every configuration, kind and type.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the choice."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
    help="The page to write [preview.html in the dataset's folder].",
)  # fmt: skip
def command(out: str, samples: int, seed: int, output: Path | None) -> None:
    """Write an HTML page that shows samples of the dataset in OUT.

    It shows pictures with all regions, texts, conversations and sources. The page is
    self-contained: it opens from disk, without network.
    """
    from vary_data.base.storage import location
    from vary_data.cli.schema_note import note_old_schema
    from vary_data.dataset.reader import Dataset
    from vary_data.quality.preview import write_preview

    dataset = Dataset.open(out)
    note_old_schema(dataset.configs)
    target = output or dataset.path / "preview.html"
    write_preview(location(out), target, samples, seed)
    click.echo(target)
