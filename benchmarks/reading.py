"""What a trained model reads of pictures that it has not seen: greedy answers against chance.

    python benchmarks/reading.py RUN DATASET [DATASET …] --out FOLDER [--split validation]
                                 [--charts 96] [--pages 64] [--crops 64] [--seed 0]
    python benchmarks/reading.py --score FOLDER/answers.jsonl …

Of every configuration: charts with their dict, whole pages, and short crops of pages, whose truth
is the words that lie whole in the crop. Which rows is drawn by the seed: documents take turns, and
of each, rows of all lengths. The score is the normalized edit distance (0: exactly right) and the
share of words right, with 95 % intervals over documents; chance is what the answer to another
document gives. Answers that did not end, and those of them that repeat themselves, are counted.
Where a dataset has configurations NAME-natural and NAME-scrambled (the same layouts with readable
and with shuffled text), the difference of their words right is the guessing gap. FOLDER gets
answers.jsonl and the crops as pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.pictures import decode
from trainer.data.rows import RowReader
from trainer.prediction import Reader, load_reader
from trainer.warmup.crops import Page, View, crop_page, open_page
from trainer.warmup.samples import COLUMNS
from trainer.warmup.words import crop_answer, is_run
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.row_kinds import BUILT_IN_KINDS

GLYPH = (20.0, 32.0)
"""How wide [pixels] letters are in crops: some ten lines of a few words. Chinese characters, which
are as wide as they are high, are twice that."""


class Row(NamedTuple):
    """A row of a configuration: where it is, its document, and the characters of its text."""

    group: RowGroup
    number: int
    document: str
    kind: str
    length: int


class Asked(NamedTuple):
    """A picture to read; `what` is chart, page or crop."""

    what: str
    configuration: str
    id: str
    doc: str
    image: Image.Image
    truth: str


def rows_of(configuration: TrainingSource) -> Iterator[Row]:
    """All rows of a configuration, without their pictures."""
    for group in configuration.groups:
        with pq.ParquetFile(group.file) as file:
            stored = file.read_row_group(group.index, columns=["doc_id", "kind", "text"])
        table: pa.Table = group.select(stored)
        lengths = pc.utf8_length(table["text"]).to_pylist()
        documents, kinds = table["doc_id"].to_pylist(), table["kind"].to_pylist()
        for number, (document, kind, length) in enumerate(
            zip(documents, kinds, lengths, strict=True)
        ):
            # without a document every row is one
            name = document or f"{group.file.name} {group.index} {number}"
            yield Row(group, number, name, kind, length or 0)


def choose(rows: Sequence[Row], count: int, rng: np.random.Generator) -> list[Row]:
    """`count` rows: documents in random order take turns; a document's rows come so that short
    and long ones are among the first."""
    by_document: dict[str, list[Row]] = {}
    for row in rows:
        by_document.setdefault(row.document, []).append(row)
    names = sorted(by_document)
    names = [names[k] for k in rng.permutation(len(names))]
    turns = {name: spread(by_document[name], rng) for name in names}
    chosen: list[Row] = []
    while len(chosen) < count and any(turns.values()):
        for name in names:
            if turns[name] and len(chosen) < count:
                chosen.append(turns[name].pop())
    return chosen


def spread(rows: Sequence[Row], rng: np.random.Generator) -> list[Row]:
    """The rows in an order of which every end holds short, middling and long ones."""
    ordered = sorted(
        rows, key=lambda row: (row.length, row.group.file, row.group.index, row.number)
    )
    thirds = [list(part) for part in np.array_split(np.arange(len(ordered)), 3)]
    for part in thirds:
        rng.shuffle(part)
    mixed = []
    while any(thirds):
        for k in rng.permutation(3):
            if thirds[k]:
                mixed.append(ordered[thirds[k].pop()])
    return mixed


def pictures(configuration: TrainingSource, counts: argparse.Namespace) -> Iterator[Asked]:
    """What is asked of a configuration."""
    reader, name = RowReader((*COLUMNS, "doc_id"), 2**28), configuration.name
    rows = list(rows_of(configuration))
    rng = np.random.default_rng(counts.seed)
    charts = [row for row in rows if BUILT_IN_KINDS.get(row.kind).scoring == "chart"]
    pages = [row for row in rows if BUILT_IN_KINDS.get(row.kind).scoring != "chart"]
    for what, some, count in (
        ("chart", charts, counts.charts),
        ("page", pages, counts.pages),
        ("crop", pages, counts.crops),
    ):
        for row in choose(some, count, rng):
            values = reader.row(row.group, row.number)
            if what == "crop":
                try:
                    page = open_page(values)
                    crop = crop_page(page, short_view(page), rng)
                except Rejected:
                    continue
                if crop.entire:
                    continue  # is the page
                image, truth = Image.fromarray(crop.pixels), crop_answer(crop.words, values["text"])
            else:
                image, truth = decode(values["image"]["bytes"]), values["text"]
            yield Asked(what, name, values["id"], row.document, image, truth)


def short_view(page: Page) -> View:
    """How to cut some 340 characters out of a page."""
    wide = 2 * sum(map(is_run, page.words.texts)) > len(page.words.texts)
    low, high = (size * (2 if wide else 1) for size in GLYPH)
    return View(size=1024, full=1024, glyph=(low, high), length=100)


def answer(reader: Reader, asked: Sequence[Asked], batch: int) -> Iterator[dict[str, Any]]:
    """The greedy answers, the longest truths first."""
    ordered = sorted(asked, key=lambda one: -len(one.truth.encode()))
    began = time.perf_counter()
    answers = reader.read_each(((one.image, "") for one in ordered), batch)
    for number, (one, said) in enumerate(zip(ordered, answers, strict=True), start=1):
        if number % 100 == 0 or number == len(ordered):
            print(f"{number} answers in {time.perf_counter() - began:.1f} s", flush=True)
        values = {k: v for k, v in one._asdict().items() if k != "image"}
        yield values | {"answer": said.text, "finished": said.finished}


def read(arguments: argparse.Namespace) -> Path:
    """Ask the model and write its answers; returns their file."""
    run, *datasets = arguments.places
    reader = load_reader(Path(run), max_new_tokens=arguments.tokens)
    arguments.out.mkdir(parents=True, exist_ok=True)
    file: Path = arguments.out / "answers.jsonl"
    asked = [
        one
        for configuration in open_catalog(datasets, arguments.split)
        for one in pictures(configuration, arguments)
    ]
    with file.open("w", encoding="utf-8") as output:
        for line in answer(reader, asked, arguments.batch):
            output.write(json.dumps(line, ensure_ascii=False) + "\n")
            output.flush()
    for one in asked:
        if one.what == "crop":
            one.image.save(arguments.out / f"{one.id}-crop.png")
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", help="a run, then folders that vary-data wrote")
    parser.add_argument("--out", type=Path, default=Path("reading"))
    parser.add_argument("--split", default="validation")
    parser.add_argument("--charts", type=int, default=96)
    parser.add_argument("--pages", type=int, default=64)
    parser.add_argument("--crops", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=1700, help="the longest answer")
    parser.add_argument("--batch", type=int, default=0, help="0: as many as fit the device")
    parser.add_argument("--score", type=Path, nargs="+", help="only score files of answers")
    arguments = parser.parse_args()
    if not arguments.score and len(arguments.places) < 2:
        parser.error("give RUN and DATASET, or --score FILE")
    files = arguments.score or [read(arguments)]
    try:
        from benchmarks.reading_scores import table
    except ModuleNotFoundError as error:  # answering needs no rapidfuzz
        print(f"{files[0]} is written; {error.name} is missing, score it elsewhere with --score")
        return
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    print(*table(map(json.loads, lines)), sep="\n")


if __name__ == "__main__":
    main()
