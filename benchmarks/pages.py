"""Measures pages per second against a plain script, scaling, memory, and fidelity.

    python benchmarks/pages.py PDF_OR_FOLDER ... [--pages 60] [--skip book]

The plain script is the usual one: `page.get_text()`, one `pdf2image` call per page at the
same picture size, `image.save` as PNG. Both run alternately in this process on the same pages:
all kept pages, or `--pages` of each language. The generator `pages` also does all its checks and
writes all boxes.
"""

from __future__ import annotations

import argparse
import io
import itertools
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pymupdf
from pdf2image import convert_from_path

from renderers.pdf.document import open_document, silence
from renderers.pdf.page import PageReader
from renderers.rejected import Rejected
from vary_data.base.seed import TaskSeed
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Sample
from vary_data.generators.page_tasks import PAGES_PER_TASK
from vary_data.generators.pages import PageOptions, Pages, PageTaskRunner
from vary_data.sources.pdfs import find_documents

Page = tuple[Path, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("src", nargs="+")
    parser.add_argument("--pages", type=int, help="time this many pages of each language, not all")
    parser.add_argument(
        "--skip", nargs="*", default=(), choices=("speed", "scaling", "book", "fidelity")
    )
    arguments = parser.parse_args()
    silence()
    kept = survey(arguments.src)
    if "speed" not in arguments.skip:
        speed(kept, arguments.pages)
    if "fidelity" not in arguments.skip:
        fidelity(kept)
    if "scaling" not in arguments.skip:
        scaling(arguments.src)
    if "book" not in arguments.skip:
        book()


def survey(sources: Sequence[str]) -> dict[str, list[Page]]:
    """Read every page once; print the counts by reason and return the kept pages by language."""
    kept: dict[str, list[Page]] = defaultdict(list)
    reasons: Counter[str] = Counter()
    reader = PageReader()
    for file in find_documents(sources):
        for index, outcome in _read(reader, file.path):
            if isinstance(outcome, str):
                reasons[outcome] += 1
            else:
                kept[outcome.lang].append((file.path, index))
    total = sum(map(len, kept.values())) + sum(reasons.values())
    print(f"pages                 {total}")
    for lang, pages in sorted(kept.items()):
        print(f"  kept {lang}             {len(pages)}")
    for reason, count in reasons.most_common():
        print(f"  {reason:20}{count}")
    return kept


def speed(kept: dict[str, list[Page]], limit: int | None) -> None:
    """Print pages per second of the plain script and of `pages`, by language."""
    for lang, pages in sorted(kept.items()):
        chosen = pages[:limit]
        spent = dict.fromkeys(("plain", "ours"), 0.0)
        runner = Pages().open(Recipe("pages", "bench", "en", PageOptions(detect=True)))
        with _Documents() as documents:
            _ours(runner, chosen[0][0], [chosen[0][1]])
            _plain(documents, chosen[0][0], [chosen[0][1]])
            # Alternately, so that other load on the machine affects both equally.
            for path, indices in _blocks(chosen):
                spent["ours"] += _timed(partial(_ours, runner), path, indices)
                spent["plain"] += _timed(partial(_plain, documents), path, indices)
        runner.close()
        plain, ours = (len(chosen) / spent[name] for name in ("plain", "ours"))
        print(
            f"{lang}: {len(chosen)} pages, per second of one core: plain {plain:.1f},"
            f" ours {ours:.1f}, ratio {ours / plain:.1f}"
        )


def fidelity(kept: dict[str, list[Page]]) -> None:
    """Print the agreement of the text with pdftotext, by language."""
    reader = PageReader()
    for lang, pages in sorted(kept.items()):
        order, bag = [], []
        for path, index in pages:
            if path.suffix.lower() != ".pdf":
                continue
            with open_document(path) as document:
                text = reader.read(document, index).text
            other = pdftotext(path, index)
            order.append(_similarity(text, other))
            bag.append(bag_similarity(text, other))
        if order:
            print(
                f"{lang}: agreement with pdftotext on {len(order)} pages: characters"
                f" {statistics.mean(bag):.4f}, characters in order {statistics.mean(order):.4f}"
                f" (median {statistics.median(order):.4f})"
            )


def scaling(sources: Sequence[str], seconds: float = 20.0) -> None:
    """Print how much faster two processes run the tasks than one.

    The tasks are repeated until one process needs about `seconds`, because at the end of a run
    one of two processes waits for the other's last task.
    """
    recipe = Recipe("pages", "bench", "en", PageOptions(src=tuple(sources), detect=True))
    tasks = list(Pages().tasks(recipe))
    once = _run_time(recipe, tasks, 1)
    tasks *= max(1, round(seconds / once))
    one, two = (_run_time(recipe, tasks, workers) for workers in (1, 2))
    print(f"{len(tasks)} tasks: one process {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}")


def _run_time(recipe: Recipe, tasks: Sequence[Task], workers: int) -> float:
    """Seconds that worker processes need for tasks, after they have run one each."""
    with multiprocessing.get_context("spawn").Pool(workers, _start, (recipe,)) as pool:
        pool.map(_warm, [tasks[0]] * 8 * workers, chunksize=1)
        start = time.perf_counter()
        for _ in pool.imap_unordered(_run_task, tasks):
            pass
        return time.perf_counter() - start


def book(pages: int = 1000) -> None:
    """Print the memory of a process after each eighth of a book of `pages` pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.pdf"
        _make_book(path, pages)
        recipe = Recipe("pages", "book", "en", PageOptions(src=(str(path),)))
        generator = Pages()
        tasks = list(generator.tasks(recipe))
        runner = generator.open(recipe)
        marks = []
        for number, task in enumerate(tasks, 1):
            for _ in runner.run(task, TaskSeed.of(0, "pages", task.key)):
                pass
            if number % max(1, len(tasks) // 8) == 0:
                marks.append(_memory())
        runner.close()
    shown = ", ".join(f"{mark:.0f}" for mark in marks)
    print(f"book of {pages} pages in {len(tasks)} tasks: MB after each eighth: {shown}")


def _blocks(pages: Sequence[Page]) -> Iterator[tuple[Path, list[int]]]:
    """Blocks of pages of one document, with the size of a task."""
    for path, group in itertools.groupby(pages, key=lambda page: page[0]):
        indices = [index for _, index in group]
        for start in range(0, len(indices), PAGES_PER_TASK):
            yield path, indices[start : start + PAGES_PER_TASK]


def _ours(runner: PageTaskRunner, path: Path, indices: Sequence[int]) -> None:
    """The work of a worker, from the file to the finished sample."""
    params = {"path": str(path), "name": path.name, "layout": None, "pages": indices}
    task = Task(f"{path.name}-{indices[0]}", path.name, len(indices), params)
    for outcome in runner.run(task, TaskSeed(0)):
        assert isinstance(outcome, Sample) or outcome.reason == "duplicate-text", outcome


def _plain(documents: _Documents, path: Path, indices: Sequence[int]) -> None:
    for index in indices:
        page = documents[path][index]
        page.get_text()
        factor = 1280 / max(page.rect.width, page.rect.height)
        size = (round(page.rect.width * factor), round(page.rect.height * factor))
        (image,) = convert_from_path(path, first_page=index + 1, last_page=index + 1, size=size)
        image.save(io.BytesIO(), "PNG")


class _Documents(dict[Path, pymupdf.Document]):
    """Documents by path, opened when first asked for."""

    def __missing__(self, path: Path) -> pymupdf.Document:
        self[path] = open_document(path)
        return self[path]

    def __enter__(self) -> _Documents:
        return self

    def __exit__(self, *_: object) -> None:
        for document in self.values():
            document.close()


def _timed(work: Callable[[Path, Sequence[int]], None], path: Path, pages: Sequence[int]) -> float:
    """CPU seconds, including those of child processes (poppler)."""
    start = _cpu()
    work(path, pages)
    return _cpu() - start


def _cpu() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def _read(reader: PageReader, path: Path) -> Iterator[tuple[int, object]]:
    try:
        document = open_document(path)
    except Rejected as error:
        yield 0, error.reason
        return
    with document:
        for index in range(document.page_count):
            try:
                yield index, reader.read(document, index)
            except Rejected as error:
                yield index, error.reason


def pdftotext(path: Path, index: int) -> str:
    page = str(index + 1)
    command = ["pdftotext", "-enc", "UTF-8", "-f", page, "-l", page, str(path), "-"]
    return subprocess.run(command, capture_output=True, timeout=60).stdout.decode(errors="replace")


def plain_characters(text: str) -> str:
    """The text without spaces, with compatibility characters normalized."""
    import unicodedata

    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if not c.isspace() and c not in "\u00ad\u200b\ufeff")


def _similarity(a: str, b: str) -> float:
    """1 - edit distance / length of the longer text, spaces ignored."""
    a, b = plain_characters(a), plain_characters(b)
    return 1 - levenshtein(a, b) / max(len(a), len(b), 1)


def bag_similarity(a: str, b: str) -> float:
    """The same, ignoring the order of characters."""
    counts_a, counts_b = Counter(plain_characters(a)), Counter(plain_characters(b))
    longer = max(counts_a.total(), counts_b.total(), 1)
    return (counts_a & counts_b).total() / longer


def levenshtein(a: str, b: str) -> int:
    """Edit distance by Myers' bit-parallel algorithm (1999), one big integer per row."""
    if not a or not b:
        return len(a) or len(b)
    size = len(a)
    full, last = (1 << size) - 1, 1 << (size - 1)
    where: dict[str, int] = defaultdict(int)
    for position, character in enumerate(a):
        where[character] |= 1 << position
    up, down, score = full, 0, size
    for character in b:
        match = where.get(character, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        plus = down | ~(diagonal | up) & full
        minus = up & diagonal
        score += bool(plus & last) - bool(minus & last)
        plus = (plus << 1 | 1) & full
        minus = minus << 1 & full
        up = minus | ~(diagonal | plus) & full
        down = plus & diagonal
    return score


def _make_book(path: Path, pages: int) -> None:
    sentence = "It was the best of times, it was the worst of times, and this is page {}. "
    with pymupdf.open() as document:
        for number in range(pages):
            page = document.new_page(width=420, height=595)
            text = (sentence * 24).format(*[number] * 24)
            page.insert_textbox(pymupdf.Rect(50, 50, 370, 545), text, fontsize=11)
        document.save(path)


def _memory() -> float:
    """The resident memory of this process in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_runner = None


def _start(recipe: Recipe) -> None:
    global _runner  # the state of a worker process
    _runner = Pages().open(recipe)


def _warm(task: Task) -> None:
    _run_task(task)
    time.sleep(0.05)  # so that each process gets some of these


def _run_task(task: Task) -> None:
    assert _runner is not None
    for _ in _runner.run(task, TaskSeed.of(0, "pages", task.key)):
        pass


if __name__ == "__main__":
    main()
