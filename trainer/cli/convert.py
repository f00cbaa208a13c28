"""`vary-train convert`."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.options import no_weight_bars


@click.command(name="convert")
@click.argument("source")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--tokenizer", metavar="PATH", help="A tokenizer instead of the checkpoint's.")
@click.option(
    "--normalization",
    type=click.Choice(["imagenet", "clip", "none"]),
    default="clip",
    show_default=True,
    help="Of the 1024-pixel picture: imagenet for Vary, clip for Vary-toy and GOT-OCR2.",
)
@click.option(
    "--resample",
    type=click.Choice(["bicubic", "bilinear", "cv2"]),
    default="bicubic",
    show_default=True,
    help="Of the 1024-pixel picture: cv2 for Vary, bicubic for Vary-toy and GOT-OCR2.",
)
@click.option("--to", "layout", type=click.Choice(["vary", "got-ocr2"]), default="vary",
              show_default=True, help="got-ocr2: convert a run to transformers' "
              "GotOcr2ForConditionalGeneration.")  # fmt: skip
def command(
    source: str,
    out: Path,
    tokenizer: str | None,
    normalization: str,
    resample: str,
    layout: str,
) -> None:
    """Convert the checkpoint SOURCE (a folder or hub id) to the folder OUT.

    Vary, Vary-toy, Vary-tiny and GOT-OCR2 become Vary models; Qwen-1 becomes Qwen2. --to got-ocr2
    converts a Vary model that has only the parts of GOT-OCR2.
    """
    from trainer.weights.convert import convert, convert_to_got_ocr2

    no_weight_bars()
    if layout == "got-ocr2":
        convert_to_got_ocr2(source, out)
        click.echo(f"GOT-OCR2: saved to {out}", err=True)
        return
    converted = convert(source, tokenizer, normalization, resample)
    for report in converted.reports:
        click.echo(str(report), err=True)
    converted.save(out)
    click.echo(f"{converted.kind}: saved to {out}", err=True)
