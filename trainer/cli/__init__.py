"""The `vary-train` command. Each command is a module, imported only when it is called."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import warnings
from typing import NoReturn

import click

from trainer.errors import TrainerError, nearest

COMMANDS = {
    "tiny": "Train Vary-tiny: the vision vocabulary, with a small language model.",
    "base": "Train Vary-base: CLIP and the vocabulary, frozen, into a large language model.",
    "predict": "Read pictures, folders and PDF files with a trained model.",
    "evaluate": "Score a model, or the answers of any system, on a test set.",
    "convert": "Read Vary, Vary-toy, Vary-tiny, GOT-OCR2 and Qwen-1 checkpoints.",
    "export-vocabulary": "Save the vocabulary network of a model alone.",
    "curves": "Draw the curves of runs side by side.",
    "doctor": "Overfit 16 samples and say whether training works.",
    "plan": "Memory, FLOPs and hours of a setting, before spending them.",
}


OPTIONAL = ("torch", "transformers", "safetensors", "rapidfuzz", "sacrebleu", "nltk", "scipy")
"""Packages of the extra `train`."""


class LazyGroup(click.Group):
    """Knows the names and one-line helps of its commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"trainer.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(f"No such command {args[0]!r}; {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Train Vary-tiny and Vary-base on datasets that vary-data made.

    One process: vary-train tiny --dataset ./out. Many: torchrun --nproc-per-node 8 -m trainer tiny
    --dataset ./out.
    """


def main() -> NoReturn:
    """Entry point: one clear line for every failure, and the exit code of its class."""
    signal.signal(signal.SIGTERM, _terminate)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # workers are processes already
    # threads that wait by spinning take the cores from data workers and from everybody else
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        code = group.main(prog_name="vary-train", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except TrainerError as error:
        if os.environ.get("VARY_TRAIN_DEBUG"):
            raise
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except ModuleNotFoundError as error:
        if error.name not in OPTIONAL:
            raise
        click.echo(
            f"error: {error.name} is not installed; pip install 'vary-data[train]'", err=True
        )
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 141
    sys.exit(code if isinstance(code, int) else 0)


def _terminate(*_: object) -> NoReturn:
    """SIGTERM unwinds like Ctrl-C, so that workers end and temporary files go."""
    sys.exit(143)
