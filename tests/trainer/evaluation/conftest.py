"""The test set and the model that several tests of evaluation share."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.trainer.drawn_charts import row, write
from tests.trainer.evaluation.made_data import make
from tests.trainer.small_runs import tree
from trainer.cli import group


@pytest.fixture(scope="session")
def test_set(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared_cache))
        return make(folder)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has learned to say "seven" or a part of it."""
    folder = tmp_path_factory.mktemp("trained")
    data = write(folder / "data", "charts", [row(f"c{i}", "seven") for i in range(16)])
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(tree(data, steps=8)))
    out = CliRunner().invoke(group, ["tiny", "--recipe", str(recipe), "--out", str(folder / "run")])
    assert out.exception is None, out.exception
    return folder / "run"
