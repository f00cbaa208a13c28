"""Quiet, offline, one thread; slow tests only where they are asked for."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from pathlib import Path

import pytest
import torch

if not torch.cuda.is_available():  # where Triton is there, its kernels run in its interpreter
    os.environ.setdefault("TRITON_INTERPRET", "1")

from transformers.utils import logging as hf_logging


@pytest.fixture(autouse=True, scope="session")
def _quiet_transformers() -> None:
    hf_logging.disable_progress_bar()
    hf_logging.set_verbosity_error()
    torch.set_num_threads(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "slow" in str(config.getoption("-m")):
        return
    here = Path(__file__).parent
    for item in items:
        if item.get_closest_marker("slow") and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))
