"""`vary-train predict`."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import click

from trainer.cli.options import no_weight_bars


@click.command(name="predict")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", "-m", required=True, type=click.Path(path_type=Path),
              help="A run, a checkpoint or a model folder.")  # fmt: skip
@click.option("--prompt", default="", help="The question; Vary-tiny takes none.")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="A JSONL file.")
@click.option("--batch", default=8, show_default=True, type=click.IntRange(1))
@click.option("--max-new-tokens", default=2048, show_default=True, type=click.IntRange(1))
@click.option("--no-repeat-ngram", default=0, show_default=True, type=click.IntRange(0),
              help="Forbid repeating runs of this many tokens; 0 allows.")  # fmt: skip
@click.option("--dpi", default=144, show_default=True, type=click.IntRange(36, 600))
@click.option("--device", default="auto", show_default=True)
def command(
    sources: tuple[Path, ...],
    model: Path,
    prompt: str,
    out: Path | None,
    batch: int,
    dpi: int,
    **options: Any,
) -> None:
    """Read pictures, folders of pictures and PDF files.

    One picture is read aloud, as the text comes; many give one JSON line each, to --out or the
    standard output.
    """
    from trainer.errors import DataError, RunError
    from trainer.prediction import batched, load_reader, open_pages

    for source in sources:
        if not source.exists():
            raise DataError(f"{source} does not exist")
    no_weight_bars()
    reader = load_reader(model, **options)
    pages = open_pages(sources, dpi)
    alone = len(sources) == 1 and sources[0].is_file() and sources[0].suffix.lower() != ".pdf"
    if alone and out is None:
        (page,) = pages
        if page.image is None:
            raise DataError(f"{page.source}: {page.error}")
        (answer,) = reader.read([page.image], prompt, said=lambda t: click.echo(t, nl=False))
        click.echo("" if answer.finished else f"\n[stopped after {answer.tokens} tokens]")
        return
    failed = 0
    with ExitStack() as stack:
        lines: IO[str] = sys.stdout
        if out is not None:
            try:
                lines = stack.enter_context(out.open("w", encoding="utf-8"))
            except OSError as error:
                raise RunError(f"{out} cannot be written ({error.strerror})") from error
        for group in batched(pages, batch):
            readable = [page for page in group if page.image is not None]
            images = [page.image for page in readable if page.image is not None]
            answers = iter(reader.read(images, prompt) if images else [])
            for page in group:
                line: dict[str, Any] = {"source": str(page.source), "page": page.page}
                if page.image is None:
                    failed += 1
                    line["error"] = page.error
                else:
                    answer = next(answers)
                    line |= {"text": answer.text, "tokens": answer.tokens,
                             "finished": answer.finished}  # fmt: skip
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    if failed:
        raise DataError(f"{failed} of the inputs could not be read", "their lines say why")
