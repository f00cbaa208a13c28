"""Settings of all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Hypothesis's limits of time are for an idle machine; pytest-timeout has the limit that counts.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

TESTS = Path(__file__).parent
LONGEST = (
    "trainer/test_distributed.py",
    "docs/test_extending.py",
    "hub/test_push.py",
    "faults/test_engine_faults.py",
    "generators/test_own_fonts.py",
    "renderers/latex/test_templates.py",
    "cluster/test_ray_cluster.py",
    "trainer/test_warmup_loop.py",
    "trainer/test_trainer_doctor.py",
    "trainer/test_train_loop.py",
    "storage/test_remote_dataset.py",
    "trainer/test_generation.py",
    "trainer/evaluation/test_evaluate_command.py",
    "examples/test_examples.py",
    "trainer/evaluation/test_evaluate_model.py",
    "golden/test_golden.py",
)
"""The files that take longest come first: at the end, one of two processes would run them alone.
`make test` tells pytest-xdist to keep this order."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without garbage collection, which takes a third of the time and finds nothing: the
    modules stay. Afterwards it need not look at them again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`XDG_CACHE_HOME` for tests with TeX: one for all processes of this run of the tests, since a
    template takes seconds to get ready."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
