"""Imports between the packages of `sources/arxiv` go one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import vary_data.sources.arxiv

ROOT = Path(vary_data.sources.arxiv.__file__).parent
ALLOWED = {
    "vocabulary": set[str](),
    "read": set[str](),
    "expand": {"read", "vocabulary"},
    "references": {"read"},
    "formulas": {"vocabulary"},
    "text": {"references", "formulas", "vocabulary"},
    "structure": {"expand", "read", "references", "vocabulary"},
    "blocks": {"structure", "text", "formulas", "vocabulary"},
}
SHARED = {"errors", "limits", "scan"}


def imported(path: Path) -> Iterator[str]:
    """The packages and modules of `sources/arxiv` that a file imports."""
    prefix = "vary_data.sources.arxiv."
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(prefix):
            rest = f"{node.module}.".removeprefix(prefix).split(".")[0]
            yield from [rest] if rest else [alias.name for alias in node.names]


def test_every_package_imports_only_what_it_may() -> None:
    found = {
        (path.parent.name, name)
        for path in ROOT.rglob("*/*.py")
        for name in imported(path)
        if name not in SHARED | {path.parent.name}
    }
    assert {name for name, _ in found} <= ALLOWED.keys()
    assert found <= {(package, name) for package, names in ALLOWED.items() for name in names}


def test_every_package_is_in_the_table_and_states_what_it_takes_and_gives() -> None:
    packages = {path.parent.name: path for path in ROOT.glob("*/__init__.py")}
    assert packages.keys() == ALLOWED.keys()
    for path in packages.values():
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert " in, " in docstring
        assert " out" in docstring


def test_shared_modules_import_no_package() -> None:
    for name in SHARED:
        assert set(imported(ROOT / f"{name}.py")) <= SHARED
