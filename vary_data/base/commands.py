"""The frame of both commands: subcommands that load lazily, error messages and exit codes."""

from __future__ import annotations

import importlib
import json
import keyword
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import click

from vary_data.base.errors import VaryError, nearest

DEBUG_VARIABLE = "VARY_DEBUG"
"""When this environment variable is set, failures end with a traceback."""
EXTRAS = {
    "torch": "train",
    "transformers": "train",
    "safetensors": "train",
    "rapidfuzz": "train",
    "sacrebleu": "train",
    "nltk": "train",
    "scipy": "train",
    "ray": "ray",
    "rapidocr": "reader",
    "cv2": "degrade",
    "s3fs": "s3",
}
"""The extra of the distribution that installs an optional package."""
INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143
"""Exit codes of a shell for SIGINT, SIGPIPE and SIGTERM: 128 + the signal's number."""


class LazyGroup(click.Group):
    """A group whose subcommands are modules, each imported when it is called.

    Args:
        package: the package that has a module for each subcommand, with a click command in its
            `command`; `render-charts` is the module `render_charts`.
        summaries: the one-line help of each subcommand, in the order of the help page.
    """

    def __init__(
        self, *args: Any, package: str = "", summaries: Mapping[str, str], **options: Any
    ) -> None:
        settings = {"help_option_names": ["-h", "--help"]}
        super().__init__(*args, **{"context_settings": settings, **options})
        self._package = package
        self._summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the help page; click would sort them."""
        return list(self._summaries)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the module of a subcommand; None if no subcommand has the name."""
        if name not in self._summaries:
            return None
        module = name.replace("-", "_")
        # `import` is a keyword of Python, so its module is `import_`.
        module += "_" if keyword.iskeyword(module) else ""
        command: click.Command = importlib.import_module(f"{self._package}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but the message about an unknown name suggests the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in self._summaries:
            ctx.fail(f"No such command {args[0]!r}; {nearest(args[0], self._summaries)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries, which needs no subcommand to be imported."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))


def run(group: click.Group, program: str) -> NoReturn:
    """Run a command line and exit: a message for every failure, and the exit code of its class."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_exit_code(group, program))


def _exit_code(group: click.Group, program: str) -> int:
    try:
        result = group.main(prog_name=program, standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return BROKEN_PIPE
    except click.ClickException as error:
        error.show()
        _print_json(error.format_message(), "", error.exit_code)
        return error.exit_code
    except (VaryError, OSError, ModuleNotFoundError) as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        failure = _explained(error)
        if failure is None:
            raise
        click.echo(f"error: {failure.message}", err=True)
        if failure.hint:
            click.echo(f"  {failure.hint}", err=True)
        _print_json(failure.message, failure.hint, failure.exit_code)
        return failure.exit_code
    return result if isinstance(result, int) else 0


def _print_json(message: str, hint: str, exit_code: int) -> None:
    """The failure as JSON on stdout, for a command line with `--json`."""
    if "--json" in sys.argv[1:]:
        error = {"message": message, "hint": hint, "exit_code": exit_code}
        click.echo(json.dumps({"error": error}, ensure_ascii=False))


def _explained(error: Exception) -> VaryError | None:
    """The failure in the form that is shown; None for a module that should be installed."""
    if isinstance(error, VaryError):
        return error
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            return None
        extra = EXTRAS[package]
        return VaryError(f"{package} is not installed", f"pip install 'vary-data[{extra}]'")
    return VaryError(str(error))  # a disk or an object store that fails


def _terminate(*_: object) -> NoReturn:
    """Unwind on SIGTERM as on Ctrl-C, so that workers end and temporary files are removed."""
    sys.exit(TERMINATED)
