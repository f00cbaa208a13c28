"""The test set that several tests of evaluation share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trainer.evaluation.made_data import make


@pytest.fixture(scope="session")
def test_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        return make(folder)
