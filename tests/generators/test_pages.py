"""The generator `pages`: tasks and their outcomes."""

import dataclasses
import json
import os
import shutil
import signal
import threading
import time

import pymupdf
import pytest

from vary_data.base.errors import SourceError, UsageError
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators import page_tasks
from vary_data.generators import pages as module
from vary_data.generators.pages import PageOptions, Pages, fingerprint

STORY = (
    "Chapter {0}. It was on the {0}th day that the ship came to the island, and the men went"
    " down to the beach with their {0} boxes. No one had been there before them, or so they said."
)


def document(path, pages, text=STORY):
    with pymupdf.open() as made:
        for number in range(pages):
            page = made.new_page(width=400, height=560)
            page.insert_textbox(pymupdf.Rect(50, 50, 350, 500), text.format(number + 1))
        made.save(path)
    return path


def recipe(*src, lang="en", seed=0, image_format="png", **options):
    sources = tuple(str(s) for s in src)
    return Recipe(
        "pages",
        "test",
        lang,
        PageOptions(src=sources, **options),
        seed=seed,
        image_format=image_format,
    )


def run_all(wanted, tasks=None):
    kind = Pages()
    performer = kind.open(wanted)
    outcomes = []
    for task in kind.tasks(wanted) if tasks is None else tasks:
        task = dataclasses.replace(task, params=json.loads(json.dumps(task.params)))
        outcomes += performer.run(task, TaskSeed.of(wanted.seed, "pages", task.key))
    performer.close()
    return outcomes


def reasons(outcomes):
    return [(o.reason, o.detail) for o in outcomes if isinstance(o, Rejection)]


def test_a_document_is_cut_into_blocks(tmp_path):
    path = document(tmp_path / "a.pdf", 40)
    tasks = Pages().tasks(recipe(path))
    assert [task.weight for task in tasks] == [16, 16, 8]
    assert len({task.key for task in tasks}) == 3
    assert {task.doc_id for task in tasks} == {tasks[0].doc_id}
    assert len(tasks[0].doc_id) == 64
    assert [p for task in tasks for p in task.params["pages"]] == list(range(40))


def test_heavy_pages_stand_in_smaller_blocks(tmp_path, monkeypatch):
    path = document(tmp_path / "a.pdf", 10)
    monkeypatch.setattr(page_tasks, "BYTES_PER_TASK", path.stat().st_size // 4)
    assert [task.weight for task in Pages().tasks(recipe(path))] == [2] * 5


def test_samples(tmp_path):
    path = document(tmp_path / "story.pdf", 3)
    outcomes = run_all(recipe(tmp_path, license="CC0-1.0"))
    assert [type(o) for o in outcomes] == [Sample] * 3
    second = outcomes[1]
    assert second.text == STORY.format(2)
    assert second.id == f"{recipe(tmp_path).name}-{second.doc_id[:16]}-0#p2"
    assert (second.kind, second.format, second.lang) == ("page", "plain", "en")
    assert (second.source, second.license, second.renderer) == (path.name, "CC0-1.0", "pymupdf")
    assert (second.width, second.height) == (915, 1280)
    assert second.image.startswith(b"\x89PNG")
    assert second.meta["page"] == 2
    assert second.prompt
    words = [r.text for r in second.regions if r.role == "word"]
    assert " ".join(words) == second.text


def with_late_damage(path):
    """Give the first page a later content that the table of objects hides, and damage the last.

    MuPDF reads the table until it comes to the damage; then it takes the last objects of the file.
    """
    with pymupdf.open(path) as made:
        first, last = (made[i].get_contents()[0] for i in (0, -1))
        content = made.xref_stream(first).replace(
            b"Chapter".hex().encode(), b"Section".hex().encode()
        )
    data = path.read_bytes()
    table = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    later = b"%d 0 obj\n<</Length %d>>\nstream\n" % (first, len(content)) + content
    later += b"\nendstream\nendobj\n"
    entries = data[table:].split(b"\n")
    entries[2 + last] = b"%010d 00000 n " % 7
    start = entries.index(b"startxref")
    entries[start + 1] = b"%d" % (table + len(later))
    path.write_bytes(data[:table] + later + b"\n".join(entries))


def test_what_a_task_reads_does_not_depend_on_the_tasks_before(tmp_path):
    path = document(tmp_path / "a.pdf", 20)
    with_late_damage(path)
    wanted = recipe(path)
    first, second = Pages().tasks(wanted)
    forward, backward = run_all(wanted, [first, second]), run_all(wanted, [second, first])
    assert {o.id: o.text for o in forward} == {o.id: o.text for o in backward}
    assert forward[0].text.startswith("Chapter 1.")


def test_configurations_of_the_same_source_share_no_ids(tmp_path):
    document(tmp_path / "a.pdf", 20)
    (tmp_path / "b.pdf").write_bytes((tmp_path / "a.pdf").read_bytes())
    first = recipe(tmp_path)
    keys = {
        name: {task.key for task in Pages().tasks(dataclasses.replace(first, name=name))}
        for name in ("pages-en", "pages-wide")
    }
    assert len(keys["pages-en"]) == len(keys["pages-wide"]) == 3
    assert all(key.startswith("pages-en-") for key in keys["pages-en"])
    assert keys["pages-en"].isdisjoint(keys["pages-wide"])


def test_the_same_recipe_gives_the_same_samples_in_any_order(tmp_path):
    path = document(tmp_path / "a.pdf", 20)
    wanted = recipe(path)
    tasks = list(Pages().tasks(wanted))
    forward, backward = run_all(wanted, tasks), run_all(wanted, tasks[::-1])
    assert sorted(forward, key=lambda o: o.id) == sorted(backward, key=lambda o: o.id)


def test_a_choice_of_pages_is_seeded(tmp_path):
    path = document(tmp_path / "a.pdf", 40)

    def chosen(seed):
        tasks = Pages().tasks(recipe(path, max_pages_per_doc=5, seed=seed))
        return [p for task in tasks for p in task.params["pages"]]

    first, again, other = chosen(0), chosen(0), chosen(1)
    assert len(set(first)) == 5
    assert first == sorted(first) == again
    assert first != other


def test_repeated_pages_and_files(tmp_path):
    path = document(tmp_path / "a.pdf", 3, "The same words stand on all of the pages of this. " * 3)
    (tmp_path / "b.pdf").write_bytes(path.read_bytes())
    outcomes = run_all(recipe(tmp_path))
    assert isinstance(outcomes[0], Sample)
    assert reasons(outcomes) == [
        ("duplicate-text", "a.pdf, page 2: the same text as page 1"),
        ("duplicate-text", "a.pdf, page 3: the same text as page 1"),
        ("duplicate-file", "b.pdf"),
    ]


def test_page_numbers_do_not_make_a_text_new():
    assert fingerprint("Hello, world.\n12") == fingerprint("13\nHello World")
    assert fingerprint("Hello 12") != fingerprint("Hello 13")
    assert fingerprint("1\n2") != fingerprint("3\n4")


def test_bad_files_are_counted_with_their_names(tmp_path):
    document(tmp_path / "good.pdf", 1)
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    with pymupdf.open(tmp_path / "good.pdf") as made:
        made.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    outcomes = run_all(recipe(tmp_path))
    assert sum(isinstance(o, Sample) for o in outcomes) == 1
    found = {detail.split(":")[0]: reason for reason, detail in reasons(outcomes)}
    assert found["empty.pdf"] == "empty-file"
    assert found["locked.pdf"] == "encrypted"
    assert found["torn.pdf"] in ("damaged", "no-pages")


def test_a_document_that_lies_about_its_pages_is_given_up(tmp_path):
    data = document(tmp_path / "a.pdf", 2).read_bytes()
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Count 2", b"/Count 9"))
    outcomes = run_all(recipe(tmp_path))
    assert sum(isinstance(o, Sample) for o in outcomes) == 2
    assert len(outcomes) == 2 + module.MAX_DAMAGED_IN_A_ROW + 1
    assert {reason for reason, _ in reasons(outcomes)} == {"damaged"}


def test_pages_beyond_the_limit_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(page_tasks, "MAX_PAGES", 2)
    outcomes = run_all(recipe(document(tmp_path / "a.pdf", 5)))
    assert reasons(outcomes) == [("too-many-pages", "a.pdf: 3 more pages are not read")]
    assert len(outcomes) == 3


def test_other_languages(tmp_path):
    path = document(tmp_path / "a.pdf", 1)
    assert [reason for reason, _ in reasons(run_all(recipe(path, lang="zh")))] == ["wrong-language"]
    (sample,) = run_all(recipe(path, lang="zh", detect=True))
    assert sample.lang == "en"


BOOK = """<?xml version="1.0" encoding="utf-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section>
{}</section></body></FictionBook>"""


def test_a_book_is_set_in_several_layouts(tmp_path):
    text = "".join(f"<p>{STORY.format(n)}</p>" for n in range(1, 60))
    (tmp_path / "a.fb2").write_text(BOOK.format(text))
    wanted = recipe(tmp_path, layouts=3)
    tasks = Pages().tasks(wanted)
    layouts = {tuple(task.params["layout"]) for task in tasks}
    assert len(layouts) == 3
    assert {task.doc_id for task in tasks} == {tasks[0].doc_id}
    assert [t.key for t in tasks] == [t.key for t in Pages().tasks(wanted)]
    first = {task.params["layout"]: task for task in reversed(tasks)}.values()
    samples = [o for o in run_all(wanted, first) if isinstance(o, Sample)]
    assert {s.template for s in samples} == {"{}x{}-{}pt".format(*la) for la in layouts}
    for sample in samples:
        assert sample.template in sample.id
        shape = sample.meta["layout"]
        assert sample.width / sample.height == pytest.approx(
            shape["width"] / shape["height"], rel=0.01
        )
        assert sample.text.split()[0] in text


def test_a_slow_page_is_rejected_alone(tmp_path, monkeypatch):
    from renderers.pdf.page import PageReader

    read = PageReader.read

    def slow(self, opened, index, *known):
        if index == 1:
            signal.raise_signal(signal.SIGPROF)  # the timer of the deadline
        return read(self, opened, index, *known)

    monkeypatch.setattr(PageReader, "read", slow)
    outcomes = run_all(recipe(document(tmp_path / "a.pdf", 3), page_timeout=60.0))
    assert [type(o) for o in outcomes] == [Sample, Rejection, Sample]
    assert reasons(outcomes) == [("page-timeout", "a.pdf, page 2: took more than 60 s")]


def test_a_page_is_stopped_at_its_deadline(tmp_path, monkeypatch):
    from renderers.pdf.page import PageReader

    def compute(*_):
        while True:
            pass

    monkeypatch.setattr(PageReader, "read", compute)
    outcomes = run_all(recipe(document(tmp_path / "a.pdf", 1), page_timeout=0.2))
    assert reasons(outcomes) == [("page-timeout", "a.pdf, page 1: took more than 0.2 s")]


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler")
def test_a_page_with_which_poppler_computes_too_long_is_slow(tmp_path, monkeypatch):
    from renderers.pdf import raster

    monkeypatch.setattr(raster, "WAITING", 100)  # other processes of this machine may be busy
    program = tmp_path / "bin" / "pdftoppm"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\n[ "$1" = -v ] && exit\nwhile :; do :; done\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    path = document(tmp_path / "a.pdf", 1)
    outcomes = run_all(recipe(path, page_timeout=0.9, rasterizer="pdf2image"))
    expected = ("page-timeout", "a.pdf, page 1: poppler took more than 0.9 s")
    assert reasons(outcomes) == [expected]


def test_a_page_that_is_kept_waiting_is_not_slow(tmp_path, monkeypatch):
    """The deadline is one of processor time: a frozen or busy machine costs no page."""
    from renderers.pdf.page import PageReader

    read = PageReader.read

    def waits(self, *arguments):
        time.sleep(1.0)
        return read(self, *arguments)

    monkeypatch.setattr(PageReader, "read", waits)
    outcomes = run_all(recipe(document(tmp_path / "a.pdf", 1), page_timeout=0.9))
    assert [type(o) for o in outcomes] == [Sample]


def test_without_signals_there_is_no_page_deadline(tmp_path):
    """In another thread pages are read without their deadline; only the pool's deadline applies."""
    wanted = recipe(document(tmp_path / "a.pdf", 1))
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.extend(run_all(wanted)))
    thread.start()
    thread.join()
    assert isinstance(outcomes[0], Sample)


def test_other_formats(tmp_path):
    path = document(tmp_path / "a.pdf", 1)
    (sample,) = run_all(recipe(path, image_format="jpeg"))
    assert sample.image.startswith(b"\xff\xd8")
    assert sample.image_format == "jpeg"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rasterizer": "popler"}, "rasterizer cannot be 'popler'"),
        ({"long_side": 10}, "long_side"),
        ({"dpi": 5}, "dpi"),
        ({"max_pages_per_doc": 0}, "max_pages_per_doc"),
        ({"layouts": 0}, "layouts"),
        ({"page_timeout": 0.0}, "page_timeout"),
    ],
)
def test_options_that_make_no_sense(tmp_path, options, message):
    with pytest.raises(UsageError, match=message):
        Pages().tasks(recipe(tmp_path, **options))


def test_an_empty_folder(tmp_path):
    with pytest.raises(SourceError, match="looked for"):
        Pages().tasks(recipe(tmp_path))
