"""Every script and notebook in examples/ runs, in a small size."""

from __future__ import annotations

import ast
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.in_process import InProcess, pools

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
PAGE = ROOT / "tests" / "golden" / "inputs" / "page.pdf"


def run(code: list[str], folder: Path) -> str:
    """Run Python in `folder` and return what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "HF_HOME": str(folder / "hf"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    done = subprocess.run(
        [sys.executable, *code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def example(name: str, folder: Path, *arguments: str) -> str:
    return run([str(EXAMPLES / name), *arguments], folder)


@pytest.fixture
def run_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs a script in this process and without workers, since both take longer to start than
    the script takes; the lines of the README are run with both."""

    def run_script(name: str, *arguments: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)  # of what it starts
        with pools(InProcess):
            runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capfd.readouterr().out

    return run_script


def test_charts_to_a_dataloader(
    tmp_path: Path, run_here: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "hf")
    out = run_here("charts_to_dataloader.py", "-n", "12", "--batch-size", "4")
    assert "12 samples" in out
    assert "pixels (4, 3, 256, 256)" in out


def test_pdf_files_to_the_hub_without_an_upload(
    tmp_path: Path, run_here: Callable[..., str]
) -> None:
    out = run_here("pdfs_to_hub.py", str(PAGE), "me/pages", "--license", "CC0-1.0")
    assert "all 1 rows agree" in out
    card = (tmp_path / "out" / "my-pages" / ".push" / "README.md").read_text("utf-8")
    assert "license: cc0-1.0" in card


def test_records_to_charts(run_here: Callable[..., str]) -> None:
    out = run_here("records_to_charts.py", "-n", "2")
    first, *charts = out.splitlines()
    assert first == "4 charts, 0 rejected"
    assert sum("Installed capacity" in line for line in charts) == 2
    assert any(line.startswith("bar {'title': 'Cups of tea in a week'") for line in charts)


@pytest.mark.slow
def test_a_mixture(tmp_path: Path) -> None:
    out = example("mixture.py", tmp_path, "-n", "4")
    assert out.splitlines()[-3:] == [
        "4 rows of kind chart in en",
        "2 rows of kind chart in zh",
        "8 rows of kind semantic_chart in en",
    ]


def test_evaluating_any_model(tmp_path: Path, run_here: Callable[..., str]) -> None:
    out = run_here("evaluate_any_model.py", "-n", "4")
    assert "charts-en" in out
    assert (tmp_path / "out" / "evaluate" / "evaluation" / "report.html").exists()


@pytest.mark.slow
def test_fine_tuning_with_the_hugging_face_trainer(tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    out = example("finetune_with_hf_trainer.py", tmp_path, "--steps", "10")
    assert "the tuned model answers" in out
    assert (tmp_path / "out" / "finetune" / "tuned" / "model.safetensors").exists()


@pytest.mark.slow
def test_the_notebook(tmp_path: Path) -> None:
    notebook = json.loads((EXAMPLES / "first_dataset.ipynb").read_text("utf-8"))
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(not c.get("outputs") for c in notebook["cells"]), "clear all outputs, then commit"
    out = run(["-c", "\n\n".join(cells)], tmp_path)
    assert "12 samples" in out
    assert out.rstrip().endswith("clean")


def test_the_lines_of_the_readme(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    first = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)[0]
    out = run(["-c", first.replace("num_samples=100", "num_samples=8")], tmp_path)
    assert "8 samples, 0 rejections" in out
    assert "'bbox'" in out


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_scripts_are_short_and_documented(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 70
    doc = ast.get_docstring(ast.parse(text)) or ""
    assert f"python examples/{path.name}" in doc
    assert path.name in (EXAMPLES / "README.md").read_text("utf-8")
