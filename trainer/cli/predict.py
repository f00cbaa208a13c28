"""`vary-train predict`."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from trainer.cli import options

if TYPE_CHECKING:
    from trainer.input_pages import InputPage
    from trainer.prediction import ReadAnswer, Reader


@click.command(name="predict")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", "-m", required=True, type=click.Path(path_type=Path),
              help="A run, a checkpoint or a model folder.")  # fmt: skip
@click.option("--prompt", default="", help="The question; Vary-tiny has none.")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Write this JSONL file.")
@options.batch
@options.max_new_tokens
@options.no_repeat_ngram
@options.no_repeat
@click.option("--dpi", default=144, show_default=True, type=click.IntRange(36, 600), metavar="N",
              help="Resolution of PDF pages.")  # fmt: skip
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, …")
def command(
    sources: tuple[Path, ...],
    model: Path,
    prompt: str,
    out: Path | None,
    batch: int,
    dpi: int,
    **decoding: Any,
) -> None:
    """Read pictures, folders of pictures and PDF files; TIFF and GIF files with all their pages.

    The answer to a single picture is printed while it is generated; for several inputs, --out or
    the standard output gets one JSON line each.
    """
    from trainer import load_reader
    from trainer.errors import DataError
    from trainer.input_pages import open_pages
    from trainer.prediction import read_pages

    for source in sources:
        if not source.exists():
            raise DataError(f"{source} does not exist")
    options.no_weight_bars()
    reader = load_reader(model, **decoding)
    pages = open_pages(sources, dpi)
    single = len(sources) == 1 and sources[0].is_file() and sources[0].suffix.lower() != ".pdf"
    if single and out is None:
        first, *second = islice(pages, 2)
        if not second:
            _print_answer(reader, first, prompt)
            return
        pages = chain([first], second, pages)
    failed = 0
    with ExitStack() as stack:
        lines = sys.stdout if out is None else stack.enter_context(_opened(out))
        for page, answer in read_pages(reader, pages, prompt, batch):
            failed += answer is None
            lines.write(json.dumps(_line(page, answer), ensure_ascii=False) + "\n")
    if failed:
        raise DataError(f"{failed} of the inputs could not be read", "their lines have the error")


def _print_answer(reader: Reader, page: InputPage, prompt: str) -> None:
    from trainer.errors import DataError

    if page.image is None:
        raise DataError(f"{page.source}: {page.error}")
    (answer,) = reader.read([page.image], prompt, lambda text: click.echo(text, nl=False))
    click.echo("" if answer.finished else f"\n[stopped after {answer.tokens} tokens]")


def _line(page: InputPage, answer: ReadAnswer | None) -> dict[str, Any]:
    line: dict[str, Any] = {"source": str(page.source), "page": page.page}
    if answer is None:
        return line | {"error": page.error}
    return line | {"text": answer.text, "tokens": answer.tokens, "finished": answer.finished}


def _opened(path: Path) -> IO[str]:
    from trainer.errors import RunError

    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path} cannot be written ({error.strerror})") from error
