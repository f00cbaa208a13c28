"""The frame of both commands: messages, exit codes, lazily loaded subcommands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = """
import click, os, signal, sys, time
from vary_data.base.commands import LazyGroup, run
from vary_data.base.errors import UsageError

@click.command()
def command():
    {body}

class Group(LazyGroup):
    def get_command(self, ctx, name):
        return command if name == "work" else None

group = Group(name="g", package="nowhere", summaries={{"work": "Do it.", "import": "Read."}})
run(group, "g")
"""


def call(body: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND.format(body=body), *(arguments or ("work",))],
        capture_output=True, text=True, check=False, timeout=100,
        env={k: v for k, v in os.environ.items() if k != "VARY_DEBUG"} | environment,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "error"),
    [
        ("pass", 0, ""),
        ("return 3", 3, ""),
        ('raise UsageError("no", "yes")', 2, "error: no\n  yes\n"),
        ('raise OSError(5, "disk failed")', 1, "error: [Errno 5] disk failed\n"),
        ("raise KeyboardInterrupt", 130, "\n"),
        ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)", 143, ""),
        ("raise BrokenPipeError", 141, ""),
        ('raise ModuleNotFoundError("", name="torch.nn")', 1,
         "error: torch is not installed\n  pip install 'vary-data[train]'\n"),
        ('raise ModuleNotFoundError("", name="ray")', 1,
         "error: ray is not installed\n  pip install 'vary-data[ray]'\n"),
    ],
)  # fmt: skip
def test_failures_are_one_message_and_an_exit_code(body: str, code: int, error: str) -> None:
    done = call(body)
    assert (done.returncode, done.stderr) == (code, error)


@pytest.mark.parametrize(
    ("body", "environment"),
    [
        ('raise UsageError("no")', {"VARY_DEBUG": "1"}),
        ('raise OSError("no")', {"VARY_DEBUG": "1"}),
        ('raise ValueError("a bug")', {}),
        ('raise ModuleNotFoundError("a bug", name="numpi")', {}),
    ],
)
def test_bugs_and_debugging_show_a_traceback(body: str, environment: dict[str, str]) -> None:
    assert "Traceback" in call(body, **environment).stderr


def test_a_misspelled_command_gets_a_suggestion() -> None:
    done = call("pass", "wrok")
    assert done.returncode == 2
    assert "No such command 'wrok'; did you mean 'work'?" in done.stderr


@pytest.mark.parametrize("module", ["vary_data", "trainer"])
def test_help_lists_every_command_in_one_line_each(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        capture_output=True, text=True, check=True, timeout=100,
        env=os.environ | {"COLUMNS": "80"},
    )  # fmt: skip
    lines = done.stdout.partition("Commands:\n")[2].splitlines()
    assert all(line.startswith("  ") and line[2] != " " and len(line) <= 80 for line in lines)


def test_sigterm_is_handled_in_the_command_itself(tmp_path: Path) -> None:
    file = tmp_path / "cleaned"
    body = f"""
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        open({str(file)!r}, "w").close()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND.format(body=body), "work"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert process.wait(timeout=60) == 143
    assert file.exists()
