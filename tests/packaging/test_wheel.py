"""The wheel that users install: built from the source archive, used outside the checkout."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

from tests.tools.local_servers import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tuple(
    name
    for name in ("vary_data", "renderers", "latex_templates", "trainer")
    if (ROOT / name).exists()
)
FOR_BUILDING = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")


def unrelated() -> dict[str, str]:
    """The environment of a command that must not see the checkout."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}


def outside(
    command: list[str | Path], cwd: Path, seconds: float = 240
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=unrelated(), capture_output=True, text=True, check=False,
        timeout=seconds,
    )  # fmt: skip


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


def test_the_wheel_has_the_license_and_the_declared_commands(wheel: Path) -> None:
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


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_adapters_are_trained_and_served_in_an_empty_environment(
    wheel: Path, tmp_path: Path
) -> None:
    """Installs the extras from the package index, so it takes minutes and needs a network."""
    assert outside([sys.executable, "-m", "venv", tmp_path / "venv"], tmp_path).returncode == 0
    commands = tmp_path / "venv/bin"
    extras = f"{wheel}[train,lora,serve]"
    pip = [commands / "python", "-m", "pip", "install", "--constraint", ROOT / "constraints.txt"]

    def succeeds(*command: str | Path, seconds: float = 240) -> None:
        finished = outside([commands / command[0], *command[1:]], tmp_path, seconds)
        assert finished.returncode == 0, finished.stdout + finished.stderr

    installed = outside([*pip, extras], tmp_path, seconds=3000)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    succeeds("vary-data", "render-charts", "--backend", "matplotlib", "-n", "16", "-o", "out")
    toy = ("--preset", "toy", "--dataset", "out", "--out", "run", "train.steps=1")
    succeeds("vary-train", "base", *toy, "train.lora.rank=4")
    assert list(tmp_path.glob("run/checkpoints/*/model/adapter_model.safetensors"))
    succeeds("vary-train", "merge", "run", "merged")
    replayed = ("replay", "out", "charts-en-0000000", "--output", "chart.png")
    succeeds("vary-data", *replayed)

    port = str(free_port())
    serve = [commands / "vary-train", "serve", "--model", "merged", "--host", "127.0.0.1"]
    with subprocess.Popen([*serve, "--port", port], cwd=tmp_path, env=unrelated()) as server:
        try:
            wait_for(int(port), server)
            answer = ask(f"http://127.0.0.1:{port}/v1", tmp_path / "chart.png")
        finally:
            server.kill()
    assert answer["usage"]["completion_tokens"] >= 1
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert answer["choices"][0]["message"]["content"]


def ask(base: str, picture: Path) -> dict[str, Any]:
    """Send a chat request with a picture by plain HTTP; returns the JSON of the answer."""
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    content = [
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "text", "text": "Convert the chart to a Python dict."},
    ]
    body = {"model": "vary", "max_tokens": 8, "messages": [{"role": "user", "content": content}]}
    request = urllib.request.Request(
        f"{base}/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        found: dict[str, Any] = json.load(response)
    return found
