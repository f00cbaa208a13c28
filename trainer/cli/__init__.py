"""The `vary-train` command. Each command is a module, imported only when it is called."""

from __future__ import annotations

import os
import sys
import warnings
from typing import NoReturn

import click

from vary_data.base.commands import LazyGroup, run

COMMANDS = {
    "tiny": "Train Vary-tiny: vocabulary and a small language model.",
    "base": "Train Vary-base: two frozen towers and a large model.",
    "predict": "Read pictures and PDF files with a trained model.",
    "evaluate": "Score a model, or any system's answers, on a test set.",
    "serve": "Answer requests of OpenAI's chat API with a model.",
    "convert": "Convert Vary, GOT-OCR2 and Qwen-1 checkpoints.",
    "merge": "Write a run's model with its adapters merged.",
    "export-vocabulary": "Save only the vocabulary network of a model.",
    "curves": "Plot the curves of several runs together.",
    "doctor": "Overfit 16 samples to check that training works.",
    "plan": "Estimate memory, FLOPs and hours of a setting.",
}


@click.group(cls=LazyGroup, package="trainer.cli", summaries=COMMANDS)
def group() -> None:
    """Train Vary-tiny and Vary-base on datasets made by vary-data.

    \b
    One GPU:    vary-train tiny --dataset ./out
    Eight GPUs: vary-train tiny --dataset ./out --gpus 8
    """


def main() -> NoReturn:
    """Entry point of `vary-train`."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    # Data workers are processes already, so tokenizers need no threads.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Threads that wait by spinning take cores from data workers and from other programs.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    run(group, "vary-train")
