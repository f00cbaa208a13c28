"""What users install: the wheel, built from the source archive, used outside the checkout."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tuple(
    name
    for name in ("vary_data", "renderers", "latex_templates", "trainer")
    if (ROOT / name).exists()
)
FOR_BUILDING = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")


def outside(command: list[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that must not see the checkout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("build")
    for name in FOR_BUILDING:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, folder / name)
    built = outside([sys.executable, "-m", "build", "--no-isolation", folder], folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "dist"


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("vary_data-*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that holds the wheel, and what it depends on by a path."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    created = outside([sys.executable, "-m", "venv", "--without-pip", venv], venv.parent)
    assert created.returncode == 0, created.stderr
    python = venv / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    finished = outside([*pip, wheel], venv.parent)
    assert finished.returncode == 0, finished.stderr
    (site,) = venv.glob("lib/python3*/site-packages")
    # A path in a .pth file is searched, but the .pth files there are not read: an editable
    # installation of the checkout stays out of sight.
    paths = sysconfig.get_paths()
    (site / "dependencies.pth").write_text(f"{paths['purelib']}\n{paths['platlib']}\n")
    return venv / "bin"


def on_disk() -> set[str]:
    files = (p for name in PACKAGES for p in (ROOT / name).rglob("*") if p.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(on_disk() - inside) == []
    assert sorted(inside - on_disk()) == []


def test_every_package_in_the_wheel_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert {f"{name}/py.typed" for name in PACKAGES} <= inside


def test_the_wheel_carries_the_licence_and_the_declared_commands(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name.partition(".dist-info/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert texts["licenses/LICENSE"] == (ROOT / "LICENSE").read_text()
    for command, target in project["scripts"].items():
        assert f"{command} = {target}" in texts["entry_points.txt"]
    for extra in project["optional-dependencies"]:
        assert f"Provides-Extra: {extra}" in texts["METADATA"]


def test_the_source_archive_holds_what_the_wheel_is_built_from(dist: Path) -> None:
    (path,) = dist.glob("vary_data-*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert sorted({*on_disk(), "pyproject.toml", "README.md", "LICENSE"} - inside) == []


def test_the_installed_packages_are_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = "".join(f"import {name}; print({name}.__file__); " for name in PACKAGES)
    finished = outside([installed / "python", "-c", code], tmp_path)
    assert finished.stderr == ""
    places = [Path(line) for line in finished.stdout.split()]
    assert len(places) == len(PACKAGES)
    assert all(place.is_relative_to(installed.parent) for place in places)


def test_the_installed_command_answers(installed: Path, tmp_path: Path) -> None:
    helped = outside([installed / "vary-data", "--help"], tmp_path)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "render-charts" in helped.stdout


def test_the_installed_command_renders_charts(installed: Path, tmp_path: Path) -> None:
    command = ["render-charts", "--lang", "zh", "--backend", "matplotlib", "-n", "3", "-j", "1"]
    finished = outside([installed / "vary-data", *command, "-o", "out"], tmp_path)
    assert finished.returncode == 0, finished.stderr
    shards = list(tmp_path.glob("out/*/data/*.parquet"))
    rows = [row for shard in shards for row in pq.read_table(shard).to_pylist()]
    assert 1 <= len(rows) <= 3
    for row in rows:
        picture = Image.open(io.BytesIO(row["image"]["bytes"]))
        picture.load()
        assert picture.size == (row["width"], row["height"])
        assert row["lang"] == "zh"
