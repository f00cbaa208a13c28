"""A small test set from generated documents: overlap with training data, and resuming."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderers.picture import pixel_hash
from tests.tools.in_process import (  # noqa: F401
    run_command,
    tasks_in_this_process,
    worker_processes,
)
from tests.tools.plain_pdfs import write_pdfs
from tests.tools.written_rows import write_rows
from vary_data.dataset.reader import Dataset
from vary_data.quality.validate import validate

WORDS = "river letter garden winter machine island market doctor window forest".split()  # noqa: SIM905
HAN = "春夏秋冬山川湖海城市乡村书信花园机器岛屿市场医生窗户森林河流天空云雨风雪"


def english(seed: int) -> str:
    """Some 900 characters that no other seed gives."""
    rng = np.random.default_rng(seed)
    said = []
    for _ in range(18):
        first, second = rng.choice(WORDS, 2)
        said.append(f"The {first} of {rng.integers(1900)} follows a {second} at noon each day.")
    return "\n\n".join(" ".join(said[i : i + 6]) for i in range(0, 18, 6))


def chinese(seed: int) -> str:
    rng = np.random.default_rng(seed)
    said = ["".join(rng.choice(list(HAN), 12)) + "，" for _ in range(24)]
    return "\n\n".join("".join(said[i : i + 8])[:-1] + "。" for i in range(0, 24, 8))


def run(*arguments: Any, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = run_command("testset", *arguments)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four English files of three pages, two Chinese ones, and two training sets: `seen` has the
    pages of the first English file, `copied` a text of the second under another name."""
    folder = tmp_path_factory.mktemp("testset")
    files = {f"{i}.pdf": [english(3 * i + page) for page in range(3)] for i in range(4)}
    write_pdfs(folder / "en", files)
    write_pdfs(folder / "zh", {f"{i}.pdf": [chinese(9 * i), chinese(9 * i + 1)] for i in range(2)})
    pages = run_command("pages", "--src", folder / "en" / "0.pdf", "-o", folder / "seen", "-j", 1)
    assert pages.returncode == 0, pages.stderr
    write_rows(folder / "copied", "notes", [{"text": f"Notes. {english(3)}", "doc": "notes"}])
    return folder


@pytest.fixture(scope="module")
def made(work: Path) -> Path:
    run(*arguments(work), "-o", work / "out")
    return work / "out"


def arguments(work: Path) -> list[Any]:
    sources = ["--pages-en", work / "en", "--pages-zh", work / "zh"]
    exclude = ["--exclude", work / "seen", "--exclude", work / "copied"]
    return [*sources, *exclude, "--english", 8, "--chinese", 3, "--license", "CC0-1.0", "-j", 1]


def rows(out: Path, name: str) -> list[dict[str, Any]]:
    return list(Dataset.open(out).config(name).rows())


def test_it_is_an_ordinary_dataset(made: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    report = validate(made, deep=True, jobs=1)
    assert report.clean, report.problems
    assert report.replayed == 7
    loaded = load_dataset(str(made), "pages-zh", split="test", cache_dir=str(tmp_path))
    assert loaded.num_rows == 3
    assert {row["lang"] for row in rows(made, "pages-en")} == {"en"}
    assert {row["kind"] for row in rows(made, "pages-en")} == {"page"}


def test_nothing_is_shared_with_what_is_excluded(made: Path, work: Path) -> None:
    documents = {row["doc_id"] for row in Dataset.open(work / "seen").configs[0].rows(["doc_id"])}
    english_rows = rows(made, "pages-en")
    assert len(english_rows) == 8
    assert not documents & {row["doc_id"] for row in english_rows}
    words = [set(row["text"].split()) for row in english_rows]
    copied = set(english(3).split())
    assert all(len(copied & own) / len(copied) < 0.8 for own in words)
    # Two pages of the second file and six of the two others are all that is left.
    assert {row["source"] for row in english_rows} == {"1.pdf", "2.pdf", "3.pdf"}


def test_the_manifest_lists_every_sample(made: Path, work: Path) -> None:
    text = (made / "testset.json").read_text()
    assert str(work) not in text
    manifest = json.loads(text)
    assert manifest["counts"] == {
        "pages-en": {"wanted": 8, "chosen": 8},
        "pages-zh": {"wanted": 3, "chosen": 3},
    }
    excluded = manifest["excluded"]
    assert (excluded["documents"], excluded["samples"]) == (1, 1)
    assert [d["name"] for d in excluded["datasets"]] == ["seen", "copied"]
    stored = {row["id"]: row for name in manifest["counts"] for row in rows(made, name)}
    assert [s["id"] for s in manifest["samples"]] == list(stored)
    for sample in manifest["samples"]:
        assert sample["pixels_sha256"] == pixel_hash(stored[sample["id"]]["image"]["bytes"])
        assert sample["license"] == "CC0-1.0"
    assert sum(d["samples"] for d in manifest["documents"]) == 11


@pytest.mark.slow
@pytest.mark.worker_processes
def test_the_same_again_whatever_was_lost_and_however_many_work(
    made: Path, work: Path, tmp_path: Path
) -> None:
    before = (made / "testset.json").read_bytes()
    again = run(*arguments(work), "-o", made)
    assert "pages-en: all 1 shards are already finished" in again.stderr
    assert (made / "testset.json").read_bytes() == before
    damaged = Path(shutil.copytree(made, tmp_path / "out"))
    next((damaged / "pages-zh" / "data").glob("*")).unlink()
    shutil.rmtree(damaged / ".sources")
    run(*arguments(work), "-j", 2, "-o", damaged, "--overwrite")
    assert (damaged / "testset.json").read_bytes() == before


@pytest.mark.slow
def test_too_little_is_one_line(work: Path, tmp_path: Path) -> None:
    asked = ["--pages-en", work / "en" / "2.pdf", "--english", 5, "-j", 1, "-o", tmp_path / "out"]
    refused = run(*asked, "-q", code=1)
    assert refused.stderr == (
        "error: the sources give 3 of 5 English pages\n"
        "  give more documents, or use --allow-fewer\n"
    )
    assert not (tmp_path / "out" / "testset.json").exists()
    taken = run(*asked, "--allow-fewer", "--json")
    assert json.loads(taken.stdout)["samples"] == {"pages-en": 3}
    assert "fewer than requested: 3 of 5 English pages" in taken.stderr


def test_another_test_set_is_not_mixed_in(made: Path, work: Path) -> None:
    refused = run(*arguments(work), "--seed", 1, "-o", made, "-q", code=1)
    assert refused.stderr == (
        f"error: {made} contains a test set of other documents or settings\n"
        "  choose another folder with -o, or --overwrite to replace it\n"
    )
    refused = run("--pages-zh", work / "zh", "-o", made, "-q", code=1)
    assert "contains pages-en of a test set, which is not requested now" in refused.stderr


def test_a_dry_run_says_what_there_is(work: Path, tmp_path: Path) -> None:
    asked = ["--pages-en", work / "en", "--exclude", work / "seen", "--charts", 1]
    said = run(*asked, "--dry-run", "-o", tmp_path / "out").stdout.splitlines()
    assert said == [
        "English pages: 100 wanted, 4 documents found, 1 of them in a dataset to exclude",
        "English charts: 1 of each type",
        "Chinese charts: 1 of each type",
    ]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_charts_of_every_type(tmp_path: Path) -> None:
    run("--charts", 1, "-j", 1, "-o", tmp_path / "out", "-q")
    for lang in ("en", "zh"):
        found = rows(tmp_path / "out", f"charts-{lang}")
        types = [json.loads(row["meta"])["type"] for row in found]
        assert len(types) == len(set(types)) > 20


def test_everything_excluded(work: Path, tmp_path: Path) -> None:
    asked = ["--pages-en", work / "en" / "0.pdf", "--exclude", work / "seen", "-o", tmp_path / "o"]
    refused = run(*asked, "--allow-fewer", code=1)
    assert "the sources give 0 of 100 English pages (1 documents and 0 samples" in refused.stderr


@pytest.mark.slow
def test_tables_and_formulas_of_latex_sources(tmp_path: Path) -> None:
    from importlib import resources

    samples = resources.files("vary_data.sources.arxiv") / "samples"
    asked = ["--latex", samples, "--tables", 3, "--formulas", 3, "--allow-fewer"]
    run(*asked, "-j", 1, "-o", tmp_path / "out")
    for name, block in (("tables", "table"), ("formulas", "formula")):
        found = rows(tmp_path / "out", name)
        assert found
        assert all(json.loads(row["meta"])["blocks"][block] for row in found)
    assert validate(tmp_path / "out", deep=True, jobs=1).clean


@pytest.mark.slow
def test_real_documents(tmp_path: Path) -> None:
    if "VARY_TEST_DATA" not in os.environ:
        pytest.skip("VARY_TEST_DATA names no folder with pdf_en, pdf_zh, latex_en and latex_zh")
    data = Path(os.environ["VARY_TEST_DATA"])
    sources = ["--pages-en", data / "pdf_en", "--pages-zh", data / "pdf_zh"]
    sources += ["--latex", data / "latex_en", "--latex", data / "latex_zh"]
    excluded = ["--src", data / "latex_en" / "linear_rnns", "-o", tmp_path / "train", "-j", 1]
    line = [sys.executable, "-m", "vary_data", "latex", *map(str, excluded)]
    subprocess.run(line, check=True, capture_output=True)
    asked = ["--exclude", tmp_path / "train", "--allow-fewer", "--json"]
    made = json.loads(run(*sources, *asked, "-o", tmp_path / "out").stdout)["samples"]
    assert (made["pages-zh"], made["formulas"]) == (100, 100)
    assert 40 <= made["tables"] < 100
    assert 5 <= made["pages-en"] < 100
    names = [row["source"] for row in rows(tmp_path / "out", "tables")]
    assert "linear_rnns" not in names
    assert len(set(names)) >= 10
    assert validate(tmp_path / "out", deep=True).clean
