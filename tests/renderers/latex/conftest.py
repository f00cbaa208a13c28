from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from renderers.latex.engine import TexEngine
from renderers.latex.renderer import LatexRenderer
from vary_data.generators import sandbox


@pytest.fixture(scope="session")
def engine(shared_cache: Path) -> TexEngine:
    if shutil.which("pdftex") is None:
        pytest.skip("pdflatex is not installed")
    return TexEngine(sandbox.run, shared_cache / "vary-data" / "latex", seconds=60)


@pytest.fixture(scope="session")
def renderer(engine: TexEngine) -> LatexRenderer:
    return LatexRenderer(engine)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path
