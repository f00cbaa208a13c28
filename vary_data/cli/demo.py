"""`vary-data demo`: the packaged demo recipe, then a page to look at."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import click
import yaml

from vary_data.cli.generate import RUN_FLAGS, expand, flags, run_all
from vary_data.errors import VaryError


@click.command(name="demo")
@flags(*RUN_FLAGS)
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """A few hundred samples of every kind, from inputs that come with the package."""
    if ctx.get_parameter_source("output") is click.core.ParameterSource.DEFAULT:
        given["output"] = "out/demo"
    output = Path(given["output"])
    inputs = output / ".vary" / "inputs"
    if not inputs.is_dir():
        _make_inputs(inputs)
    package = resources.files("vary_data")
    with resources.as_file(package / "sources" / "arxiv" / "samples") as samples:
        places = {"{inputs}": str(inputs), "{samples}": str(samples)}
        text = (package / "recipes" / "demo.yaml").read_text("utf-8")
        for mark, place in places.items():
            text = text.replace(mark, json.dumps(place)[1:-1])
        data = yaml.safe_load(text)
        shared = data["defaults"]
        run_all([r for entry in data["configurations"] for r in expand({**shared, **entry})], given)
    if not given["dry_run"]:
        _preview(output)


def _make_inputs(folder: Path) -> None:
    """In a process of its own: PyMuPDF never runs in this one."""
    made = subprocess.run(
        [sys.executable, "-m", "vary_data.sources.demo", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        lines = made.stderr.strip().splitlines() or ["no reason given"]
        raise VaryError(f"cannot make the demo's inputs in {folder}: {lines[-1]}")


def _preview(output: Path) -> None:
    from vary_data.quality.preview import write_preview

    page = output / "preview.html"
    write_preview(output, page)
    click.echo(f"look at it: {page.resolve()}", err=True)
