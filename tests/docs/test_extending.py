"""The worked examples of docs/extending.md, copied out of the page and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
BLOCK = re.compile(
    r"(?:<!-- (?P<verb>file|append|insert): (?P<path>\S+)(?: before: (?P<place>.+?))? -->\n)?"
    r"^```(?P<lang>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def chapter(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def apply(title: str, tree: Path) -> list[str]:
    """Write the files of a chapter into the tree, and return its commands."""
    commands: list[str] = []
    for block in BLOCK.finditer(chapter(title)):
        text = block["text"]
        if block["lang"] == "sh":
            commands.append(text)
            continue
        assert block["verb"], f"no comment names the file of this block: {text[:60]}"
        file = tree / block["path"]
        if block["verb"] == "file":
            file.write_text(text, "utf-8")
        elif block["verb"] == "append":
            file.write_text(file.read_text("utf-8").rstrip() + "\n\n\n" + text, "utf-8")
        else:
            old = file.read_text("utf-8")
            (line,) = [line for line in old.splitlines(keepends=True) if block["place"] in line]
            indent = line[: len(line) - len(line.lstrip())]
            added = "".join(f"{indent}{new.strip()}\n" for new in text.splitlines())
            file.write_text(old.replace(line, added + line), "utf-8")
    return commands


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources with `vary-data`, `vary-train` and `python` that use the copy."""
    for package in ("vary_data", "renderers", "latex_templates", "trainer"):
        # with the compiled modules: the first process of a test would need seconds to make them
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / "bin").mkdir()
    commands = {"vary-data": "-m vary_data", "vary-train": "-m trainer", "python": ""}
    for name, arguments in commands.items():
        command = tmp_path / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        command.chmod(0o755)
    return tmp_path


def run(commands: list[str], tree: Path) -> str:
    environment = {**os.environ, "PATH": f"{tree / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": "."}
    done = subprocess.run(
        ["sh", "-eu"],
        input="\n".join(commands),
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)  # training takes half a minute of an idle machine
def test_a_generator_of_a_new_row_kind(tree: Path) -> None:
    """Run, validate, export, card, evaluation and warm-up; none imports the generator."""
    commands = apply("A generator", tree)
    output = run(commands[:1], tree)
    assert re.search(r"clean: 1\d\d rows in 2 files of 1 configurations", output)
    assert "note" not in output
    assert list((tree / "out" / "trl" / "data").glob("train-*.parquet"))
    card = (tree / "out" / "tags" / ".push" / "README.md").read_text("utf-8")
    assert "They are price tags with their text." in card
    assert "* Prices are random numbers." in card

    (tree / "price_tags.py").unlink()
    output = run(commands[1:], tree)
    assert re.search(r"price_tag +subset +n +documents +ned +precision +recall", output)
    (scores,) = json.loads((tree / "out/evaluation/scores.json").read_text("utf-8"))["groups"]
    assert (scores["kind"], scores["scoring"]) == ("price_tag", "page")
    assert scores["metrics"]["precision"]["mean"] == 1
    assert 0.3 < scores["metrics"]["recall"]["mean"] < 0.6
    lines = (tree / "out/run/log.jsonl").read_text("utf-8").splitlines()
    log = [json.loads(line) for line in lines]
    assert [line["step"] for line in log if line["event"] == "warm-up"] == [10]


def test_a_chart_type(tree: Path) -> None:
    output = run(apply("A chart type", tree), tree)
    assert "clean: 12 rows" in output
    assert "dot_row" in (tree / "out" / "dots" / "preview.html").read_text("utf-8")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_a_template(tree: Path) -> None:
    output = run(apply("A template", tree), tree)
    assert re.search(r"clean: \d+ rows", output)
