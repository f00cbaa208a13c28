"""The `vary-data` command. Each command is a module, imported only when it is called."""

from __future__ import annotations

from typing import NoReturn

import click

from vary_data import __version__
from vary_data.base.commands import LazyGroup, run

COMMANDS = {
    "demo": "Samples of every generator, and a page that shows them.",
    "render-charts": "Charts by matplotlib and pyecharts; the truth is a dict.",
    "pages": "Pages of PDF files and e-books, with their text.",
    "latex": "arXiv LaTeX in many templates, with Mathpix Markdown.",
    "negatives": "Natural pictures without text.",
    "semantic-charts": "Charts with coherent content; optionally by an LLM.",
    "import": "Public sets: llava, vary, docvqa, chartqa, laion-coco.",
    "mix": "Mix datasets by weights or counts, described or copied.",
    "degrade": "Scans and photographs of a dataset, with boxes that follow.",
    "retarget": "The same pictures with targets in another form.",
    "crop": "Tables, formulas and other blocks of pages as samples.",
    "export": "Write a dataset in the formats of other trainers.",
    "unit-tests": "Facts of each row as tests, for olmOCR-bench.",
    "run": "Make every configuration of a recipe file.",
    "status": "Show the progress of each configuration of a dataset.",
    "finish": "Write the dataset card after several partial runs.",
    "stats": "Counts, lengths, rejection reasons and speed of a dataset.",
    "preview": "Write one HTML page that shows samples.",
    "validate": "Check files, and that pictures show their truth.",
    "dedup": "Leave out duplicate rows by a keep-list.",
    "contamination": "Find the samples of a test set that a dataset contains.",
    "testset": "The paper's test set, from held-out documents.",
    "push": "Publish a dataset on the Hugging Face Hub, with its card.",
    "replay": "Draw one sample again, pixel for pixel.",
    "doctor": "Check dependencies and print the install command.",
}


@click.group(cls=LazyGroup, package="vary_data.cli", summaries=COMMANDS)
@click.version_option(__version__, prog_name="vary-data")
def group() -> None:
    """Image-text data for document, OCR and chart models.

    Every command writes or reads one folder, a Hugging Face dataset repository:
    load_dataset("out", "charts-zh").
    """


def main() -> NoReturn:
    """Entry point of `vary-data`."""
    run(group, "vary-data")
