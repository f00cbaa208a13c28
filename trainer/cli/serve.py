"""`vary-train serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trainer.cli.options import no_weight_bars


@click.command(name="serve")
@click.option("--model", "-m", required=True, type=click.Path(path_type=Path),
              help="A run, a checkpoint or a model folder.")  # fmt: skip
@click.option("--name", default="vary", show_default=True, metavar="NAME",
              help="What requests call the model.")  # fmt: skip
@click.option("--host", default="localhost", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N",
              help="Port to listen at.")  # fmt: skip
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, …")
def command(**options: Any) -> None:
    """Answer requests of OpenAI's chat API with a model, through transformers' server.

    Clients use http://HOST:PORT/v1 and send a picture, and for Vary-base a question, in a
    message. The server does not check who asks: run it behind a proxy that does.
    """
    from trainer.serving import serve

    no_weight_bars()
    serve(**options)
