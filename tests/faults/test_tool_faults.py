"""Programs that are killed, stopped or without space: the file that they read is not to blame."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from renderers.pdf import probe
from renderers.pdf.probe import CountingFailed, count_pages
from renderers.tool_errors import ToolNotFound
from vary_data.base.errors import UsageError, WorkerBroken
from vary_data.generators import load, sandbox

_PARAGRAPHS = """for (let i = 0; i < 40; i++) {
  const line = document.createElement("p");
  line.textContent = "A line of text ".repeat(8);
  document.body.append(line);
}"""
COUNTER = """
import json, os, signal, sys, pathlib
for line in sys.stdin:
    path, _ = json.loads(line)
    action, _, mark = path.partition(":")
    if mark and not os.path.exists(mark):
        pathlib.Path(mark).touch()
    elif mark:
        action = "count"
    if action == "loop":
        while True: pass
    if action.startswith("SIG"):
        os.kill(os.getpid(), getattr(signal, action))
    print(7, flush=True)
"""


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A counting process that answers 7, or does first what the name of the file says."""
    monkeypatch.setattr(probe, "module_command", lambda module: [sys.executable, "-c", COUNTER])


@pytest.mark.usefixtures("counter")
@pytest.mark.parametrize("action", ["SIGKILL", "SIGTERM"])
def test_a_count_is_repeated_if_its_process_is_killed(tmp_path: Path, action: str) -> None:
    """The plan, and with it the identity of the dataset, depends on the count."""
    names = [(f"{action}:{tmp_path / 'once'}", None), ("count", None)]
    assert count_pages(names, processes=1) == [7, 7]


@pytest.mark.usefixtures("counter")
def test_a_count_is_repeated_if_its_process_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "WAITING", 0.1)
    monkeypatch.setattr(probe, "MAX_TRIES", 100)  # on a busy machine others are late as well
    names = [(f"SIGSTOP:{tmp_path / 'once'}", None), ("count", None)]
    assert count_pages(names, seconds=10.0, processes=1) == [7, 7]


@pytest.mark.usefixtures("counter")
def test_a_file_that_crashes_or_hangs_the_counter_has_no_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probe, "WAITING", 1000.0)
    names = [("SIGSEGV", None), ("loop", None), ("count", None)]
    assert count_pages(names, seconds=0.9, processes=1) == [None, None, 7]


@pytest.mark.usefixtures("counter")
def test_counts_that_are_always_killed_end_the_run() -> None:
    with pytest.raises(CountingFailed, match="dies or hangs at SIGKILL"):
        count_pages([("SIGKILL", None)], processes=1)


def test_a_program_without_space_for_its_files_is_not_to_blame(small_disk: Path) -> None:
    """TeX ends with 0 although its log and its marks are cut off."""
    script = ["/bin/sh", "-c", "head -c 2000000 /dev/zero > out 2>/dev/null; exit 0"]
    with pytest.raises(WorkerBroken, match="the disk of temporary files is full"):
        sandbox.run(script, small_disk, {"PATH": os.environ["PATH"]}, 20)


def test_a_program_that_is_stopped_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "WAITING", 2)
    with pytest.raises(WorkerBroken, match="was stopped, or waited: it computed for 0"):
        sandbox.run(["/bin/sh", "-c", "kill -STOP $$"], tmp_path, dict(os.environ), 0.5)


@pytest.mark.parametrize(
    "name", ["os:system", "nowhere.at_all:A", ".relative:A", ":A", "json:nothing", "pa{:a", "a b:c"]
)
def test_a_generator_that_is_none_is_one_clear_line(name: str) -> None:
    with pytest.raises(UsageError, match="generator"):
        load(name)


@pytest.fixture
def long_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files with a long path, as on clusters and on macOS."""
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def test_chromium_draws_with_a_long_path_of_temporary_files(long_folder: Path) -> None:
    """The path of its socket may have 107 characters. Its other processes have fewer rights: they
    must find a place for the pixels of a large page."""
    from renderers.browser_page import BrowserPage
    from renderers.find_browser import find_browser

    page = BrowserPage(find_browser(), [_PARAGRAPHS], timeout=200, viewport=(800, 800))
    assert len(page.screenshot(800, 800)) > 1000
    page.close()
    assert not list(long_folder.glob("*org.chromium*"))


def test_a_long_path_without_shared_memory_is_one_clear_line(
    long_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from renderers import browser_page

    monkeypatch.setattr(browser_page, "_SHARED_MEMORY", tmp_path / "none")
    with pytest.raises(ToolNotFound, match="its path is longer than 60 characters") as caught:
        browser_page.BrowserPage(Path("chromium"), [])
    assert "set TMPDIR to a shorter path" in caught.value.hint


def test_a_program_that_is_no_browser_is_one_clear_line() -> None:
    """The user named the program alone: no file of ours is named as a second path."""
    from renderers.web.renderer import WebRenderer

    with pytest.raises(ToolNotFound, match="false did not start; give") as caught:
        WebRenderer(800, ("en",), browser="/bin/false")
    assert "path of Chromium to --browser" in caught.value.hint
