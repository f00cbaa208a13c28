"""`vary-train merge`."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from trainer.cli.options import no_weight_bars


@click.command(name="merge")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def command(run: Path, out: Path) -> None:
    """Write the model of RUN, with its adapters merged into the weights, to the folder OUT, which
    must be new or empty."""
    from safetensors import SafetensorError

    from trainer.errors import WeightsError
    from trainer.weights.assemble import load_model
    from trainer.weights.standalone import add_code

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        # Adapters and whole weights in one folder would be read as either.
        raise WeightsError(f"{out} is not an empty folder", "choose another one")
    no_weight_bars()
    assembly = load_model(run)
    unfinished = out.with_name(f".{out.name}.incomplete")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        assembly.model.save_pretrained(unfinished)
        assembly.processor.save_pretrained(unfinished)
        add_code(unfinished)
        unfinished.replace(out)
    except (OSError, SafetensorError) as error:
        # A full disk is an error of safetensors, whose message has the cause.
        shutil.rmtree(unfinished, ignore_errors=True)
        reason = getattr(error, "strerror", None) or str(error).strip() or type(error).__name__
        raise WeightsError(
            f"{out} cannot be written ({reason.splitlines()[0][:200]})", "nothing was written"
        ) from error
    click.echo(f"saved to {out}", err=True)
