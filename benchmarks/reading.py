"""What a trained model reads of pictures that it has not seen: greedy answers against chance.

    python benchmarks/reading.py RUN DATASET --out FOLDER [--charts 96] [--pages 24] [--crops 64]
    python benchmarks/reading.py --score FOLDER/answers.jsonl

Of every configuration's validation split: charts with their dict, whole pages, and short crops of
pages, whose truth is the words that lie whole in the crop. The score is the normalized edit
distance (0: exactly right) of the whole answer and of the title of charts; of dicts also how much
is exactly right. Chance is what the answer to the picture before gives. FOLDER gets
answers.jsonl and the crops as pictures.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.pictures import decode
from trainer.data.rows import RowReader
from trainer.prediction import Reader, load_reader
from trainer.warmup.crops import Page, View, crop_page, open_page
from trainer.warmup.samples import COLUMNS
from trainer.warmup.targets import is_run, words_to_text
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import BUILT_IN_KINDS

GLYPH = (20.0, 32.0)
"""How wide [pixels] letters are in crops: some ten lines of a few words. Chinese characters, which
are as wide as they are high, are twice that."""
TITLE = re.compile(r"""['"]title['"]: (?P<quote>['"])(?P<title>.*?)(?P=quote)[,}]""")


class Asked(NamedTuple):
    """A picture to read; `what` is chart, page or crop."""

    what: str
    configuration: str
    id: str
    image: Image.Image
    truth: str


def pictures(configuration: TrainingSource, counts: argparse.Namespace) -> Iterator[Asked]:
    """What is asked of the first rows of a configuration."""
    reader, rng = RowReader(COLUMNS, 2**28), np.random.default_rng(0)
    name = configuration.name
    refs = ((group, row) for group in configuration.groups for row in range(group.rows))
    for i, (group, row) in enumerate(refs):
        if i >= max(counts.charts, counts.pages, counts.crops):
            return
        values = reader.row(group, row)
        if BUILT_IN_KINDS.get(values["kind"]).scoring == "chart":
            if i < counts.charts:
                image = decode(values["image"]["bytes"])
                yield Asked("chart", name, values["id"], image, values["text"])
            continue
        if i < counts.pages:
            image = decode(values["image"]["bytes"])
            yield Asked("page", name, values["id"], image, values["text"])
        if i < counts.crops:
            try:
                page = open_page(values)
                crop = crop_page(page, short_view(page), rng)
            except Rejected:
                continue
            if crop.entire:
                continue  # is the page
            image, truth = Image.fromarray(crop.pixels), words_to_text(crop.words)
            yield Asked("crop", name, values["id"], image, truth)


def short_view(page: Page) -> View:
    """How to cut some 340 characters out of a page."""
    wide = 2 * sum(map(is_run, page.words.texts)) > len(page.words.texts)
    low, high = (size * (2 if wide else 1) for size in GLYPH)
    return View(size=1024, full=1024, glyph=(low, high), length=100)


def answer(reader: Reader, asked: Sequence[Asked], batch: int) -> Iterator[dict[str, Any]]:
    """The greedy answers, in batches of one kind."""
    for start in range(0, len(asked), batch):
        some = asked[start : start + batch]
        began = time.perf_counter()
        answers = reader.read([one.image for one in some], "")
        seconds = time.perf_counter() - began
        print(f"{some[0].configuration}: {len(some)} x {some[0].what} in {seconds:.1f} s")
        for one, said in zip(some, answers, strict=True):
            values = {k: v for k, v in one._asdict().items() if k != "image"}
            yield values | {"answer": said.text, "finished": said.finished}


def title(text: str) -> str:
    """The title in a chart's dict, also in one that is not a whole dict."""
    found = TITLE.search(text)
    return found["title"] if found else ""


def scores(pairs: Sequence[tuple[str, str]]) -> str:
    """Mean distance, that of the neighbor's answer, and how many are exactly right."""
    from trainer.evaluation.metrics.edits import ned

    truths, answers = ([text.strip() for text in texts] for texts in zip(*pairs, strict=True))
    true = [ned(t, a) for t, a in zip(truths, answers, strict=True)]
    chance = [ned(t, a) for t, a in zip(truths, answers[-1:] + answers[:-1], strict=True)]
    right = sum(value == 0 for value in true)
    return f"{np.mean(true):.3f} (chance {np.mean(chance):.3f}), {right} of {len(true)} exact"


def parts(pairs: Iterable[tuple[str, str]]) -> str:
    """How many titles (of axes, too) and sources, names that lead to values, and values at their
    names are exactly right; an answer that is no whole dict has none."""
    from trainer.evaluation.metrics.chart import ChartDict, parse_chart

    count = np.zeros((3, 2), dtype=int)
    for text, answered in pairs:
        truth, answer = (parse_chart(t) or ChartDict({}, ()) for t in (text, answered))
        values = {entry.path: entry.value for entry in truth.entries}
        read = {entry.path: entry.value for entry in answer.entries}
        names, said = ({name for path in paths for name in path} for paths in (values, read))
        right = (
            len(truth.texts.items() & answer.texts.items()),
            len(names & said),
            len(values.items() & read.items()),
        )
        count += np.transpose([right, (len(truth.texts), len(names), len(values))])
    shares = zip(("titles and source", "names", "values"), count, strict=True)
    return ", ".join(f"{what} {right} of {total}" for what, (right, total) in shares)


def table(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A line per kind and configuration."""
    order = sorted(lines, key=lambda line: (line["what"], line["configuration"]))
    for (what, name), group in groupby(order, lambda line: (line["what"], line["configuration"])):
        pairs = [(line["truth"], line["answer"]) for line in group]
        yield f"{name:<12} {what:<6} {scores(pairs)}"
        if what == "chart":
            titles = [(title(t), title(a)) for t, a in pairs]
            if there := [pair for pair in titles if pair[0] != "None"]:
                yield f"{name:<12} title  {scores(there)}"
            yield f"{name:<12} of whole dicts exactly right: {parts(pairs)}"


def read(arguments: argparse.Namespace) -> Path:
    """Ask the model and write its answers; returns their file."""
    reader = load_reader(Path(arguments.run), max_new_tokens=arguments.tokens)
    arguments.out.mkdir(parents=True, exist_ok=True)
    file: Path = arguments.out / "answers.jsonl"
    with file.open("w", encoding="utf-8") as output:
        for configuration in open_catalog([arguments.dataset], "validation"):
            asked = sorted(pictures(configuration, arguments), key=lambda one: one.what)
            for _, same in groupby(asked, lambda one: one.what):
                for line in answer(reader, list(same), arguments.batch):
                    output.write(json.dumps(line, ensure_ascii=False) + "\n")
            for one in asked:
                if one.what == "crop":
                    one.image.save(arguments.out / f"{one.id}-crop.png")
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", nargs="?", help="a run, checkpoint or model folder")
    parser.add_argument("dataset", nargs="?", help="a folder that vary-data wrote")
    parser.add_argument("--out", type=Path, default=Path("reading"))
    parser.add_argument("--charts", type=int, default=96)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--crops", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=1500, help="the longest answer")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--score", type=Path, help="only score a file of answers")
    arguments = parser.parse_args()
    if not arguments.score and not (arguments.run and arguments.dataset):
        parser.error("give RUN and DATASET, or --score FILE")
    file = arguments.score or read(arguments)
    try:
        lines = table(map(json.loads, file.read_text(encoding="utf-8").splitlines()))
        print("normalised edit distance", *lines, sep="\n")
    except ModuleNotFoundError as error:  # answering needs no rapidfuzz
        print(f"{file} is written; {error.name} is missing, score it elsewhere with --score")


if __name__ == "__main__":
    main()
