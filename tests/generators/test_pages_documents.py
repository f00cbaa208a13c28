"""E-books of each format, and documents that are large, deep or hostile."""

import dataclasses
import json
from collections import Counter

import pytest

from tests.generators import hostile_documents as hostile
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators.pages import PageOptions, Pages
from vary_data.sources.demo import ENGLISH, write_book

PARAGRAPHS = "".join(f"<p>{hostile.WORDS}, said number {n}.</p>" for n in range(60))
FICTION_BOOK = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0">'
    f"<body><section>{PARAGRAPHS}</section></body></FictionBook>"
)


def run_all(path, **options):
    recipe = Recipe("pages", "test", "en", PageOptions(src=(str(path),), detect=True, **options))
    kind = Pages()
    performer = kind.open(recipe)
    outcomes = []
    for task in kind.tasks(recipe):
        task = dataclasses.replace(task, params=json.loads(json.dumps(task.params)))
        outcomes += performer.run(task, TaskSeed.of(0, "pages", task.key))
    performer.close()
    return outcomes


def reasons(outcomes):
    return Counter(o.reason for o in outcomes if isinstance(o, Rejection))


def test_epub(tmp_path):
    samples = [o for o in run_all(write_book(tmp_path, "en")) if isinstance(o, Sample)]
    assert len({s.template for s in samples}) == 2
    assert {s.lang for s in samples} == {"en"}
    text = "\n".join(s.text for s in samples)
    assert "Chapter 1\n" in text
    assert ENGLISH[0] in text


def test_chinese_epub(tmp_path):
    samples = [o for o in run_all(write_book(tmp_path, "zh")) if isinstance(o, Sample)]
    assert {s.lang for s in samples} == {"zh"}
    assert any("有朋自远方来，不亦乐乎？" in s.text for s in samples)


def test_equal_books_are_equal_files(tmp_path):
    first, second = (write_book(tmp_path / name, "en") for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_fb2(tmp_path):
    (tmp_path / "a.fb2").write_text(FICTION_BOOK)
    samples = [o for o in run_all(tmp_path / "a.fb2", layouts=1) if isinstance(o, Sample)]
    assert f"{hostile.WORDS}, said number 7." in "\n".join(s.text for s in samples)


def test_mobi(tmp_path):
    path = hostile.mobi(tmp_path / "a.mobi", f"<html><body>{PARAGRAPHS}</body></html>")
    samples = [o for o in run_all(path, layouts=1) if isinstance(o, Sample)]
    assert f"{hostile.WORDS}, said number 7." in "\n".join(s.text for s in samples)


def test_a_book_of_ten_thousand_pages(tmp_path):
    path = hostile.many_pages(tmp_path / "a.pdf", 10_000)
    recipe = Recipe("pages", "test", "en", PageOptions(src=(str(path),)))
    tasks = Pages().tasks(recipe)
    assert sum(task.weight for task in tasks) == 10_000
    assert max(task.weight for task in tasks) == 16
    chosen = run_all(path, max_pages_per_doc=12)
    assert all(isinstance(o, Sample) for o in chosen)
    numbers = [o.meta["page"] for o in chosen]
    assert max(numbers) > 1000
    assert [o.text.split("\n")[1] for o in chosen] == [f"page {n} of the book" for n in numbers]


@pytest.mark.slow
def test_every_page_of_ten_thousand(tmp_path):
    outcomes = run_all(hostile.many_pages(tmp_path / "a.pdf", 10_000))
    assert sum(isinstance(o, Sample) for o in outcomes) == 10_000


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("tree", lambda path: hostile.deep_tree(path, 20_000)),
        ("tags", lambda path: hostile.with_content(path, "/A BMC " * 100_000 + hostile.TEXT)),
        ("unit", lambda path: hostile.with_content(path, hostile.TEXT, "/UserUnit 100000")),
    ],
)
def test_deep_documents_that_can_be_read(tmp_path, name, write):
    (outcome,) = run_all(write(tmp_path / f"{name}.pdf"))
    assert isinstance(outcome, Sample)
    assert outcome.text == hostile.WORDS


@pytest.mark.parametrize(
    ("content", "extra", "reason"),
    [
        (f"{hostile.TEXT} {'[' * 200_000}", "", "damaged"),
        ("q " * 200_000 + hostile.TEXT, "", "damaged"),
        (hostile.TEXT, f"/X {'[' * 100_000}{']' * 100_000}", "too-little-text"),
        (hostile.TEXT, "/MediaBox [0 0 9000000 9]", "page-size"),
    ],
)
def test_deep_documents_that_cannot_be_read(tmp_path, content, extra, reason):
    outcomes = run_all(hostile.with_content(tmp_path / "a.pdf", content, extra))
    assert reasons(outcomes) == {reason: 1}
