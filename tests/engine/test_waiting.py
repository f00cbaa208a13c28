"""What takes longer than half a second says what it is."""

from __future__ import annotations

import re
import time

import pytest

from vary_data.base.notes import note
from vary_data.cli import progress
from vary_data.cli.progress import waiting


def test_only_a_wait_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "WAIT_SECONDS", 0.05)
    with waiting("listing the sources …"):
        pass
    time.sleep(0.1)
    assert capsys.readouterr().err == ""
    with waiting("listing the sources …", quiet=True):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""
    with waiting("listing the sources …"):
        time.sleep(0.2)
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
