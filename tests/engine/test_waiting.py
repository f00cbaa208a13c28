"""What takes longer than half a second says what it is."""

from __future__ import annotations

import io
import re
import sys
import threading
import time
from typing import Any

import pytest

from tests.tools.toy_datasets import ToyCharts, ToyOptions
from vary_data.base.notes import note
from vary_data.cli import progress
from vary_data.cli.progress import Display, waiting
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe


def test_only_a_wait_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[threading.Timer] = []

    class Timer(threading.Timer):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(progress.threading, "Timer", Timer)
    monkeypatch.setattr(progress, "WAIT_SECONDS", 1000.0)
    with waiting("listing the sources …"):
        pass
    made[0].join()
    with waiting("listing the sources …", quiet=True):
        assert not made[-1].is_alive()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "WAIT_SECONDS", 0.01)
    with waiting("listing the sources …"):
        made[-1].join()  # the work goes on when the time is over
    assert capsys.readouterr().err == "listing the sources …\n"


def test_notes_are_printed_at_intervals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    note("nobody waits")
    with waiting("planning …"):
        for second in range(25):
            now[0] = float(second)
            note(f"template {second}")
    assert re.findall(r"template \d+", capsys.readouterr().err) == [
        "template 2",
        "template 12",
        "template 22",
    ]
    with waiting("planning …", quiet=True):
        note("template 1")
    assert "template" not in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_run_before_its_first_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers need seconds to start, in which an empty line looks like a command that hangs."""
    name = f"{ToyCharts.__module__}:ToyCharts"
    recipe = Recipe.from_dict({"generator": name, "name": "toys", "lang": "en"}, ToyOptions)
    plan = RunPlan.resolve(recipe, ToyCharts())
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with Display(plan) as display:
        shown = display.progress()
        shown.started(plan, range(len(plan.shards)))
        assert f"toys: shards 0/{len(plan.shards)} · starting …" in plain(terminal)
        shown.tasks(1, 1, ())
    assert "· 1 sample · " in plain(terminal)


def plain(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
