"""What contributors rely on: make targets, hooks, and links and commands in the documents."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import vary_data

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "examples/README.md")
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_of_documents_lead_somewhere(name: str) -> None:
    text = re.sub(r"`[^`]*`", "", (ROOT / name).read_text("utf-8"))  # code is no link
    targets = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)
    for target in (target for target in targets if "://" not in target):
        assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_of_documents_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True)
    targets = re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)
    assert [line.split()[1] for line in listed.stdout.splitlines()] == targets


def test_the_paths_of_the_fast_tests_exist() -> None:
    lines = re.findall(r"^(?:NOT_)?FAST = ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    paths = re.findall(r"tests/[\w./]+", "".join(lines))
    assert len(paths) > 10
    for path in paths:
        assert (ROOT / path).exists(), path


def test_hooks_use_the_environment_and_download_nothing() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert all(hook["language"] == "system" for hook in hooks)
    assert {hook["entry"].split()[0] for hook in hooks} == {".venv/bin/ruff", ".venv/bin/mypy"}


def test_the_changelog_describes_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text, re.MULTILINE)
    assert versions[0] == vary_data.__version__


def test_continuous_integration_runs_the_checks_and_the_tests() -> None:
    *_, last = (ROOT / ".ci/run").read_text().splitlines()
    assert last.split()[-2:] == ["check", "test"]
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert tools["mypy"]["strict"] is True


def test_the_files_that_the_guide_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:vary_data|renderers|tests|benchmarks|\.github)/[\w./-]+)", text)
    assert len(named) > 15
    for name in named:
        assert (ROOT / name).exists(), name
