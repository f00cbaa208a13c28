"""Imports have one direction: the rules of docs/architecture.md, checked in the sources."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("vary_data", "renderers", "latex_templates", "trainer")
CORE = ("vary_data.base", "vary_data.dataset", "vary_data.engine")
CONTRACT = ("vary_data.base", "vary_data.dataset")
TARGETS = ("vary_data.targets", "vary_data.unit_tests")
"""Pure functions of rows and answers, which a trainer uses as well."""
HEAVY = (
    "datasets",
    "matplotlib",
    "pandas",
    "playwright",
    "pymupdf",
    "ray",
    "torch",
    "transformers",
)


def within(module: str, *packages: str) -> bool:
    return any(module == p or module.startswith(f"{p}.") for p in packages)


def renderers_import_only_themselves(importer: str, imported: str) -> bool:
    return not within(importer, "renderers") or within(imported, "renderers", "latex_templates")


def templates_import_only_themselves(importer: str, imported: str) -> bool:
    return not within(importer, "latex_templates") or within(imported, "latex_templates")


def trainer_imports_only_the_dataset_contract(importer: str, imported: str) -> bool:
    allowed = ("trainer", "renderers.degrade", "renderers.leaders", "renderers.twins", *CONTRACT,
               *TARGETS)  # fmt: skip
    return not within(importer, "trainer") or within(imported, *allowed)


def the_dataset_contract_imports_no_engine(importer: str, imported: str) -> bool:
    if within(importer, "vary_data.base"):
        return within(imported, "vary_data.base")
    if within(importer, "vary_data.dataset"):
        allowed = ("vary_data.base", "vary_data.dataset", "renderers.rejected", "renderers.roles",
                   "renderers.languages")  # fmt: skip
        return within(imported, *allowed)
    return True


def targets_import_only_values(importer: str, imported: str) -> bool:
    values = (
        *("renderers.charts.catalog", "renderers.charts.tile_grids"),
        *("renderers.languages", "renderers.roles"),
    )
    allowed = (*CONTRACT, "vary_data.targets", *values)
    return not within(importer, "vary_data.targets") or within(imported, *allowed)


def engine_does_not_import_the_trainer(importer: str, imported: str) -> bool:
    return not within(importer, "vary_data") or not within(imported, "trainer")


def core_imports_no_generator(importer: str, imported: str) -> bool:
    light = (
        *("renderers.picture", "renderers.rejected", "renderers.roles"),
        *("renderers.environment", "renderers.languages", "renderers.twins"),
    )
    if not within(importer, *CORE) or within(imported, *light):
        return True
    return not within(imported, "vary_data.generators", "vary_data.sources", "renderers")


def sources_do_not_import_generators(importer: str, imported: str) -> bool:
    return not within(importer, "vary_data.sources") or not within(imported, "vary_data.generators")


def nothing_imports_the_command_line(importer: str, imported: str) -> bool:
    return (
        not within(imported, "vary_data.cli")
        or within(importer, "vary_data.cli")
        or importer == "vary_data.__main__"
    )


RULES: tuple[Callable[[str, str], bool], ...] = (
    renderers_import_only_themselves,
    templates_import_only_themselves,
    trainer_imports_only_the_dataset_contract,
    the_dataset_contract_imports_no_engine,
    targets_import_only_values,
    engine_does_not_import_the_trainer,
    core_imports_no_generator,
    sources_do_not_import_generators,
    nothing_imports_the_command_line,
)


def modules(root: Path) -> dict[str, Path]:
    """All modules of the project by dotted name; a package has its own name, without `__init__`."""
    found = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path) -> Iterator[tuple[str, str]]:
    """Every (importer, imported) pair within the project, imports inside functions included."""
    known = modules(root)
    for importer, path in known.items():
        package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            for name in names(node, package, known):
                if name.partition(".")[0] in PACKAGES:
                    yield importer, name


def names(node: ast.AST, package: str, known: dict[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        parents = package.split(".")[: len(package.split(".")) - node.level + 1]
        stem = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
        for alias in node.names:
            submodule = f"{stem}.{alias.name}"
            yield submodule if submodule in known else stem


@pytest.fixture(scope="module")
def of_project() -> list[tuple[str, str]]:
    """The pairs of this project; reading all sources takes seconds."""
    return list(imports(ROOT))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_imports_go_one_way(
    of_project: list[tuple[str, str]], rule: Callable[[str, str], bool]
) -> None:
    assert of_project
    assert not [f"{a} imports {b}" for a, b in of_project if not rule(a, b)]


@pytest.mark.parametrize(
    ("module", "line", "rule"),
    [
        ("renderers/a.py", "from vary_data.base import seed", renderers_import_only_themselves),
        ("renderers/a.py", "def f():\n    import vary_data.base", renderers_import_only_themselves),
        ("latex_templates/a.py", "import renderers.picture", templates_import_only_themselves),
        ("trainer/a.py", "import renderers.picture", trainer_imports_only_the_dataset_contract),
        ("trainer/a.py", "import vary_data.engine", trainer_imports_only_the_dataset_contract),
        (
            "trainer/a.py",
            "from vary_data import quality",
            trainer_imports_only_the_dataset_contract,
        ),
        ("vary_data/base/a.py", "import vary_data.dataset", the_dataset_contract_imports_no_engine),
        (
            "vary_data/dataset/a.py",
            "from ..engine import a",
            the_dataset_contract_imports_no_engine,
        ),
        ("vary_data/dataset/a.py", "import vary_data.hub", the_dataset_contract_imports_no_engine),
        (
            "vary_data/targets/a.py",
            "import renderers.charts.matplotlib",
            targets_import_only_values,
        ),
        ("vary_data/targets/a.py", "import vary_data.engine", targets_import_only_values),
        ("vary_data/a.py", "import trainer", engine_does_not_import_the_trainer),
        ("vary_data/cli/a.py", "from trainer import train", engine_does_not_import_the_trainer),
        ("vary_data/engine/a.py", "from ..generators import a", core_imports_no_generator),
        ("vary_data/engine/executors/a.py", "from ...sources import a", core_imports_no_generator),
        ("vary_data/engine/a.py", "import renderers.fonts", core_imports_no_generator),
        ("vary_data/sources/a.py", "import vary_data.generators", sources_do_not_import_generators),
        ("vary_data/generators/a.py", "import vary_data.cli", nothing_imports_the_command_line),
    ],
)
def test_a_wrong_import_is_seen(
    tmp_path: Path, module: str, line: str, rule: Callable[[str, str], bool]
) -> None:
    rooms = (
        "base",
        "dataset",
        "engine",
        "engine/executors",
        "generators",
        "sources",
        "cli",
        "targets",
    )
    for package in (*PACKAGES, *(f"vary_data/{room}" for room in rooms)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    path = tmp_path / module
    path.write_text("import vary_data.dataset\n" if "trainer" in module else "")
    assert all(all(r(a, b) for r in RULES) for a, b in imports(tmp_path))

    path.write_text(line)
    assert [r for r in RULES if any(not r(a, b) for a, b in imports(tmp_path))] == [rule]


def loaded(module: str, *packages: str) -> str:
    """Which of `packages` a fresh interpreter loads with a module."""
    code = f"import sys, {module}; print(*sorted(set({packages}) & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.stderr == ""
    return finished.stdout.strip()


@pytest.mark.parametrize("module", [m for m in modules(ROOT) if within(m, *CONTRACT)])
def test_the_dataset_contract_is_light(module: str) -> None:
    assert loaded(module, *HEAVY, "fsspec", "huggingface_hub", "PIL", "scipy") == ""


@pytest.mark.parametrize("module", ["vary_data.cli", "trainer", "trainer.cli"])
def test_commands_and_packages_start_without_heavy_libraries(module: str) -> None:
    assert loaded(module, *HEAVY) == ""
