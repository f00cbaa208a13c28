"""`vary-data testset`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vary_data.base.errors import PlanMismatch
from vary_data.cli.browser import BROWSER_FLAGS, use_browser
from vary_data.cli.flags import flags
from vary_data.cli.progress import Display

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe

COUNT = click.IntRange(min=0)


@click.command(name="testset")
@click.option("--pages-en", multiple=True, metavar="PATH", help="Documents in English.")
@click.option("--pages-zh", multiple=True, metavar="PATH", help="Documents in Chinese.")
@click.option("--latex", multiple=True, metavar="PATH", help="LaTeX sources.")
@click.option("--english", type=COUNT, default=100, show_default=True, help="English pages.")
@click.option("--chinese", type=COUNT, default=100, show_default=True, help="Chinese pages.")
@click.option("--tables", type=COUNT, default=100, show_default=True, help="Pages with tables.")
@click.option("--formulas", type=COUNT, default=100, show_default=True, help="With formulas.")
@click.option(
    "--charts", type=COUNT, default=0, show_default=True, help="Charts per type and language."
)
@click.option(
    "--backend", type=click.Choice(["matplotlib", "pyecharts", "both"]), default="matplotlib",
    show_default=True, help="The renderer of the charts.",
)  # fmt: skip
@click.option(
    "--exclude", multiple=True, metavar="DATASET",
    help="Use no document and no text of this dataset.",
)  # fmt: skip
@click.option(
    "--max-overlap", type=click.FloatRange(0, 1, min_open=True), default=0.2, show_default=True,
    help="Use no sample with this share of its words in an excluded dataset.",
)  # fmt: skip
@click.option(
    "--min-characters", type=COUNT, default=200, show_default=True, help="Of a page of text."
)
@click.option("--allow-fewer", is_flag=True, help="Accept fewer samples if there are not enough.")
@click.option("--license", help="License of the documents.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("-o", "--output", default="testset", show_default=True, help="Dataset folder.")
@click.option("-j", "--workers", type=click.IntRange(min=1), help="Processes.  [all cores]")
@click.option("--overwrite", is_flag=True, help="Replace another test set in the folder.")
@click.option("--dry-run", is_flag=True, help="Count the documents, and make nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@flags(*BROWSER_FLAGS)
def command(**flags_and_values: Any) -> None:
    """Make the paper's test set from held-out documents: plain pages in English and Chinese,
    pages with tables and with formulas, and charts.

    The result is a dataset with the split `test`, and testset.json, which lists every sample with
    its hashes. The same command resumes a stopped run.
    """
    from vary_data.quality.progress import line
    from vary_data.testset import BuildRequest, build, survey
    from vary_data.testset.manifest import write_manifest

    use_browser(flags_and_values)
    names = ("output", "workers", "overwrite", "dry_run", "as_json", "quiet", "allow_fewer")
    run_flags = {name: flags_and_values.pop(name) for name in names}
    request = BuildRequest(**flags_and_values)
    if run_flags["dry_run"]:
        for text in survey(request):
            click.echo(text)
        return
    output = Path(run_flags["output"])

    def run(recipe: Recipe, folder: Path) -> None:
        _run(recipe, folder, run_flags)

    with line("rows of excluded datasets read") as progress:
        result = build(request, output, run, run_flags["allow_fewer"], progress)
    write_manifest(output, request, result)
    if missing := result.missing():
        click.echo(f"fewer than requested: {missing}", err=True)
    if run_flags["as_json"]:
        counts = {part: len(chosen) for part, chosen in result.chosen.items()}
        click.echo(json.dumps({"output": str(output), "samples": counts}, ensure_ascii=False))
    else:
        click.echo(str(output))


def _run(recipe: Recipe, folder: Path, run_flags: dict[str, Any]) -> None:
    """Run a recipe with the engine."""
    from vary_data import generators
    from vary_data.base.cores import available_cores
    from vary_data.engine.executors import local
    from vary_data.engine.plan import RunPlan

    plan = RunPlan.resolve(recipe, generators.load(recipe.generator))
    try:
        with Display(plan, quiet=run_flags["quiet"]) as display:
            local.run(
                plan,
                folder,
                generators.load,
                workers=run_flags["workers"] or available_cores(),
                overwrite=run_flags["overwrite"],
                progress=display.progress(),
            )
    except PlanMismatch as error:
        # The original message lists every document.
        raise PlanMismatch(
            f"{run_flags['output']} contains a test set of other documents or settings",
            "choose another folder with -o, or --overwrite to replace it",
        ) from error
