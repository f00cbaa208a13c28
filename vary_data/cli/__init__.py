"""The `vary-data` command. Each command is a module, imported only when it is called."""

from __future__ import annotations

import importlib
import keyword
import os
import signal
import sys
from typing import NoReturn

import click

from vary_data import __version__
from vary_data.base.errors import VaryError, nearest

COMMANDS = {
    "demo": "A little of every kind, and a page to look at it.",
    "render-charts": "Charts by matplotlib and pyecharts, with their Python dict as truth.",
    "pages": "Pages of PDF files and e-books with the text that they show.",
    "latex": "arXiv LaTeX set again in many templates, with Mathpix Markdown as truth.",
    "negatives": "Natural pictures with nothing to read.",
    "semantic-charts": "Charts with coherent content, by a language model or built in.",
    "import": "Public sets: llava, vary, docvqa, chartqa, laion-coco.",
    "mix": "Mix datasets by weights or counts, described or copied.",
    "export": "Write a dataset as llava, trl or webdataset.",
    "run": "Make every configuration of a recipe file.",
    "status": "How far each configuration of a dataset is.",
    "finish": "Write the card after runs that made a share each.",
    "stats": "Counts, lengths, reasons and speed of a dataset.",
    "preview": "One HTML page to look at samples with.",
    "validate": "Prove that a dataset is whole and its truth is on its pictures.",
    "dedup": "Leave out rows that say what another row says.",
    "contamination": "Which samples of a test set a dataset has seen.",
    "testset": "The paper's test set, from documents held out.",
    "push": "Publish a dataset on the Hugging Face Hub, with its card.",
    "replay": "Draw one sample again, pixel for pixel.",
    "doctor": "What this machine has, and the line that mends what is missing.",
}


class LazyGroup(click.Group):
    """Knows the names and one-line helps of its commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        stem = name.replace("-", "_")
        # `import` is a word of the language, so its module has an underscore more.
        stem += "_" if keyword.iskeyword(stem) else ""
        module = importlib.import_module(f"vary_data.cli.{stem}")
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
@click.version_option(__version__, prog_name="vary-data")
def group() -> None:
    """Image-text data for document, OCR and chart models.

    Every command writes or reads one folder, a Hugging Face dataset repository:
    load_dataset("out", "charts-zh").
    """


def main() -> NoReturn:
    """Entry point: one clear line for every failure, and the exit code of its class."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = group.main(prog_name="vary-data", standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except KeyboardInterrupt:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except VaryError as error:
        if os.environ.get("VARY_DATA_DEBUG"):
            raise
        click.echo(f"error: {error.message}", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = 141
    except OSError as error:
        # A disk or store that fails while a dataset is read.
        if os.environ.get("VARY_DATA_DEBUG"):
            raise
        click.echo(f"error: {error}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _terminate(*_: object) -> NoReturn:
    """SIGTERM unwinds like Ctrl-C, so that workers are killed and temporary files removed."""
    sys.exit(143)
