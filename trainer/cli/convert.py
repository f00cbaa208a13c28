"""`vary-train convert`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="convert")
@click.argument("source")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--tokenizer", metavar="PATH", help="Instead of the one beside the weights.")
@click.option(
    "--normalisation",
    type=click.Choice(["imagenet", "clip", "none"]),
    default="clip",
    show_default=True,
    help="Of the 1024-pixel picture: imagenet for Vary, clip for Vary-toy and GOT-OCR2.",
)
def command(source: str, out: Path, tokenizer: str | None, normalisation: str) -> None:
    """Convert the checkpoint SOURCE (a folder or hub id) to the folder OUT.

    Vary, Vary-toy, Vary-tiny and GOT-OCR2 become Vary models; Qwen-1 becomes Qwen2.
    """
    from trainer.weights.convert import convert

    converted = convert(source, tokenizer, normalisation)
    for report in converted.reports:
        click.echo(str(report), err=True)
    converted.save(out)
    click.echo(f"{converted.kind}: saved to {out}", err=True)
