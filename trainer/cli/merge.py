"""`vary-train merge`."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.options import no_weight_bars


@click.command(name="merge")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def command(run: Path, out: Path) -> None:
    """Write the model of RUN, with its adapters merged into the weights, to the folder OUT."""
    from trainer.errors import WeightsError
    from trainer.weights.assemble import load_model
    from trainer.weights.standalone import add_code

    no_weight_bars()
    assembly = load_model(run)
    try:
        assembly.model.save_pretrained(out)
        assembly.processor.save_pretrained(out)
        add_code(out)
    except OSError as error:
        raise WeightsError(f"{out} cannot be written ({error.strerror})") from error
    click.echo(f"saved to {out}", err=True)
