"""A small dataset, made once by the real engine, that tests copy and modify."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tools.in_process import tasks_in_this_process, worker_processes
from tests.tools.toy_datasets import write_toy_dataset

__all__ = ["out", "pristine", "tasks_in_this_process", "worker_processes"]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy dataset, unchanged."""
    return write_toy_dataset(tmp_path_factory.mktemp("quality") / "out")


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the dataset that a test may modify."""
    return Path(shutil.copytree(pristine, tmp_path / "out"))
