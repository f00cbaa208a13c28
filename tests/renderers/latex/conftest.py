from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from renderers.latex.engine import TexEngine
from renderers.latex.renderer import LatexRenderer
from vary_data.generators import sandbox


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TexEngine:
    if shutil.which("pdftex") is None:
        pytest.skip("pdflatex is not installed")
    return TexEngine(sandbox.run, tmp_path_factory.mktemp("formats"), seconds=60)


@pytest.fixture(scope="session")
def renderer(engine: TexEngine) -> LatexRenderer:
    return LatexRenderer(engine)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path
