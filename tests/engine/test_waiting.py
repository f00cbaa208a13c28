"""What takes longer than half a second says what it is."""

from __future__ import annotations

import time

import pytest

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
