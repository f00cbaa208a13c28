"""Tests of any folder can be collected alone: helpers are imported by their full names."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import LONGEST

TESTS = Path(__file__).resolve().parent
FOLDERS = sorted({path.parent for path in TESTS.rglob("*.py")})


def imported_modules(path: Path) -> Iterator[str]:
    """The first part of the name of every imported module; relative imports have none."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_folder_is_a_package(folder: Path) -> None:
    assert (folder / "__init__.py").is_file()


def test_helpers_are_imported_by_their_full_names() -> None:
    helpers = {path.stem for path in TESTS.rglob("*.py")} - {"__init__"}
    short = {
        f"{path.relative_to(TESTS)}: {module}"
        for path in TESTS.rglob("*.py")
        for module in imported_modules(path)
        if module in helpers
    }
    assert not short, "import these as `tests.…`"


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_folder_is_collected_alone(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, str(folder)], cwd=TESTS.parent, capture_output=True, text=True)
    # 5: the folder has only helpers, or no test that runs by default
    assert done.returncode in (0, 5), done.stdout


def test_the_longest_files_exist() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []
