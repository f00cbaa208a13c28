"""Inputs at URLs give the same samples as the same files on disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from renderers.picture import pixel_hash
from tests.faults.faulty import TIMEOUT
from tests.tools.faulty_store import Store
from vary_data import generators
from vary_data.base import remote_path
from vary_data.base.errors import SourceError, UsageError, WorkerBroken
from vary_data.base.remote_path import RemotePath
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.generators.pages import PageOptions, Pages
from vary_data.sources.cache import ChangedSource, InputCache, hold_for_task


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VARY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remote_path, "RETRY_PAUSES", (0.0, 0.0, 0.0, 0.0))
    return tmp_path / "cache"


def document(path: Path, pages: int, subject: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as made:
        for number in range(pages):
            page = made.new_page(width=300, height=400)
            text = f"Chapter {number + 1} is about the {subject} that the men had in their boxes. "
            page.insert_textbox(pymupdf.Rect(40, 40, 260, 360), text * 4)
        made.save(path)
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    document(tmp_path / "pdfs" / "a.pdf", 3, "tea")
    document(tmp_path / "pdfs" / "deep" / "b.pdf", 2, "salt")
    (tmp_path / "pdfs" / "notes.md").write_text("no document")
    (tmp_path / "pdfs" / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    return tmp_path / "pdfs"


def upload(folder: Path, url: str) -> str:
    for path in folder.rglob("*"):
        if path.is_file():
            (RemotePath(url) / path.relative_to(folder).as_posix()).upload(path)
    return url


def make(out: Path, source: str | Path) -> list[tuple[Any, ...]]:
    options = PageOptions(src=(str(source),), long_side=400)
    recipe = Recipe("pages", "pages-en", "en", options, timeout=TIMEOUT)
    local.run(RunPlan.resolve(recipe, Pages()), out, generators.load, 1)
    config = Dataset.open(out).config("pages-en")
    rows = config.rows()
    made = [(r["id"], r["text"], r["source"], pixel_hash(r["image"]["bytes"])) for r in rows]
    return [*made, *((r.key, r.reason, r.detail) for r in config.rejections())]


def test_pages_of_pdfs_at_a_url(
    tmp_path: Path, library: Path, bucket: str, s3_server: Store
) -> None:
    url = upload(library, f"{bucket}/pdfs")
    s3_server.every = 6
    there = make(tmp_path / "there", url)
    assert there == make(tmp_path / "here", library)
    assert len(there) == 3 + 2 + 1
    assert s3_server.faults.total()


def test_latex_archives_at_a_url(bucket: str, tmp_path: Path) -> None:
    from vary_data.generators.latex_documents import all_documents

    paper = b"\\documentclass{article}\\begin{document}Words.\\end{document}"
    folder = tmp_path / "arxiv"
    folder.mkdir()
    (folder / "paper").write_bytes(paper)
    (folder / "other").write_bytes(paper + b"%")
    (folder / "2301.00002.tar.gz").write_bytes(b"no archive")
    (folder / "list.csv").write_bytes(b"a,b")
    url = upload(folder, f"{bucket}/arxiv")

    def found(source: str) -> list[tuple[str, str, str]]:
        return [(one.name, one.key, one.problem) for _, _, one in all_documents(source)]

    here = found(str(folder))
    assert [(name, problem) for name, _, problem in sorted(here)] == [
        ("2301.00002.tar.gz", "not-latex"), ("list.csv", "not-latex"), ("other", ""), ("paper", ""),
    ]  # fmt: skip
    there = {name: (key, problem) for name, key, problem in found(url)}
    assert {name: problem for name, (_, problem) in there.items()} == {
        name: problem for name, _, problem in here
    }
    assert there["paper"][0] == {name: key for name, key, _ in here}["paper"]
    assert found(f"{url}/paper") == [("paper", *there["paper"])]


def test_a_url_withoutsource_documents(bucket: str) -> None:
    with pytest.raises(SourceError, match=f"no document in {bucket}/nothing"):
        make(Path("unused"), f"{bucket}/nothing")


def test_a_file_is_fetched_once_and_known_by_its_content(
    bucket: str, cache: Path, s3_server: Store
) -> None:
    source = RemotePath(f"{bucket}/a.bin")
    source.write_bytes(b"content")
    inputs = InputCache.of_this_machine()
    held = inputs.hold(source)
    assert held.path.read_bytes() == b"content"
    assert held.path == cache / held.sha256[:2] / f"{held.sha256[2:]}.bin"
    held.release()
    before = s3_server.requests.total()
    inputs.hold(source, held.sha256).release()
    assert s3_server.requests.total() == before


def test_the_least_recently_used_goes_and_what_is_held_stays(bucket: str, cache: Path) -> None:
    inputs = InputCache(cache, 250)
    held = []
    for name in "abc":
        source = RemotePath(f"{bucket}/{name}.bin")
        source.write_bytes(name.encode() * 100)
        held.append(inputs.hold(source))
        if name != "a":
            held[-1].release()
    assert [one.path.exists() for one in held] == [True, False, True]
    held[0].release()
    source.write_bytes(b"d" * 100)
    inputs.hold(source).release()
    assert sum(path.stat().st_size for path in cache.glob("??/*")) <= 250
    assert not list(cache.glob(".*"))


def test_a_file_that_changed_is_not_taken_for_the_planned_one(bucket: str) -> None:
    source = RemotePath(f"{bucket}/a.bin")
    source.write_bytes(b"content")
    with pytest.raises(ChangedSource, match="has changed since the run was planned"):
        InputCache.of_this_machine().hold(source, "0" * 64)
    with pytest.raises(FileNotFoundError):
        InputCache.of_this_machine().hold(RemotePath(f"{bucket}/b.bin"), "0" * 64)


def test_a_changed_or_missing_document_is_a_counted_rejection(
    tmp_path: Path, library: Path, bucket: str, cache: Path
) -> None:
    url = upload(library, f"{bucket}/pdfs")
    recipe = Recipe("pages", "pages-en", "en", PageOptions(src=(url,), long_side=400))
    plan = RunPlan.resolve(recipe, Pages())
    for path in cache.glob("??/*"):
        path.unlink()
    RemotePath(f"{url}/deep/b.pdf").unlink()
    document(tmp_path / "other.pdf", 1, "sugar")
    RemotePath(f"{url}/a.pdf").upload(tmp_path / "other.pdf")
    local.run(plan, tmp_path / "out", generators.load, 1)
    reasons = [r.reason for r in Dataset.open(tmp_path / "out").config("pages-en").rejections()]
    assert sorted(reasons) == ["changed-file", "changed-file", "damaged"]


def test_a_store_that_is_away_does_not_cost_the_task(bucket: str, s3_server: Store) -> None:
    source = RemotePath(f"{bucket}/a.bin")
    source.write_bytes(b"content")
    s3_server.every = 1
    with pytest.raises(WorkerBroken, match="cannot fetch"):
        hold_for_task(source, "0" * 64)


def test_workers_share_one_download(bucket: str, s3_server: Store) -> None:
    source = RemotePath(f"{bucket}/a.bin")
    source.write_bytes(b"content" * 1000)
    sha256 = InputCache.of_this_machine().hold(source).sha256
    for path in InputCache.of_this_machine().folder.glob("??/*"):
        path.unlink()
    before = s3_server.requests["GET"]
    found: list[bytes] = []

    def work() -> None:
        held = InputCache.of_this_machine().hold(source, sha256)
        found.append(held.path.read_bytes())
        held.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"content" * 1000] * 8
    assert s3_server.requests["GET"] == before + 1


def test_the_size_must_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARY_CACHE_GIB", "much")
    with pytest.raises(UsageError, match="VARY_CACHE_GIB=much is not a number"):
        InputCache.of_this_machine()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("negatives", {"coco": "s3://bucket/coco"}),
        ("import", {"dataset": "llava", "src": "s3://bucket/llava.json"}),
        ("render-charts", {"corpus": ("s3://bucket/words",)}),
        ("semantic-charts", {"records": "s3://bucket/records.jsonl"}),
    ],
)
def test_where_urls_are_not_read_they_are_refused(kind: str, options: dict[str, Any]) -> None:
    loaded = generators.load(kind)
    recipe = Recipe(kind, "test", "en", loaded.Options(**options))
    with pytest.raises(SourceError, match=r"cannot be read from s3://bucket.*copy it to a folder"):
        loaded.tasks(recipe)
