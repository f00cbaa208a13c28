"""Every third-party package that the shipped packages import is declared in pyproject.toml."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PACKAGES = {
    "vary_data": ("degrade", "molecules", "ray", "reader", "s3", "targets"),
    "renderers": ("degrade",),
    "latex_templates": (),
    "trainer": ("degrade", "train"),
}
"""The shipped packages, and the extras that each may import from."""
BROUGHT_BY_OTHERS = {
    "triton": "comes with PyTorch for CUDA",
    "lmms_eval": "imports this project, not the other way round",
}


def declared(extras: tuple[str, ...]) -> set[str]:
    """Canonical names of the requirements of a plain installation with these extras."""
    groups = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][e] for e in extras)]
    return {canonicalize_name(Requirement(line).name) for group in groups for line in group}


def imported(path: Path) -> Iterator[str]:
    """Top-level names of all absolute imports in a file, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_are_declared(package: str) -> None:
    names = {name for path in (ROOT / package).rglob("*.py") for name in imported(path)}
    names -= {*sys.stdlib_module_names, *PACKAGES, *BROUGHT_BY_OTHERS}
    distributions = metadata.packages_distributions()
    allowed = declared(PACKAGES[package])
    for name in sorted(names):
        offered_by = {canonicalize_name(d) for d in distributions.get(name, [name])}
        assert offered_by & allowed, (
            f"{package} imports {name}: declare it in pyproject.toml and pin it in constraints.txt"
        )


def test_an_undeclared_import_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("def f():\n    import hypothesis.strategies\n    from .near import x\n")
    assert list(imported(file)) == ["hypothesis"]
    assert "hypothesis" not in declared(("train", "ray", "s3"))
