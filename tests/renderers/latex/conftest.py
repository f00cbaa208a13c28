from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from renderers.latex.engine import Engine
from renderers.latex.renderer import Press
from vary_data.generators import sandbox


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if shutil.which("pdftex") is None:
        pytest.skip("pdflatex is not installed")
    return Engine(sandbox.run, tmp_path_factory.mktemp("formats"), seconds=60)


@pytest.fixture(scope="session")
def press(engine: Engine) -> Press:
    return Press(engine)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path
