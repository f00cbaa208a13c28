"""Reads the texts of charts with an OCR engine and counts the letters that it gets right.

    python -m benchmarks.chart_reading [--charts 2] [--figures 20] [--backends matplotlib …]
                                       [--types bar …] [--examples 20]

Charts of every type in both languages, half of them with annotations, and figures of several
charts. Each text that is not rotated and whose box is higher than 10 pixels is cut out of the
picture; a wrapped text line by line, by the boxes of its words. Letters are right that the engine
reads in their order (edit distance). Needs the extra `reader`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from renderers.charts.catalog import CATALOG
from renderers.picture import Box, Picture, Pixels, Region
from renderers.rejected import Rejected
from renderers.roles import SHAPES, WORD
from vary_data.generators.chart_drawing import backend_types, open_backends
from vary_data.quality.validate.second_reader import _distance, _plain, cut, open_reader
from vary_data.sources.charts.annotations import annotated
from vary_data.sources.charts.panels import random_figure
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

MIN_HEIGHT = 10.0
"""Pixels of a text's box."""
READ_HEIGHT = 48
"""Pixels of a line to which the engine's model scales its input."""
ANNOTATED = 0.35
"""As `render-charts` has it."""
AROUND = 0.35
"""Plain pixels around a line, as a share of its height: the model was trained on such lines."""


def lines_of(picture: Picture) -> Iterator[tuple[Box, str]]:
    """The boxes of horizontal lines and their texts."""
    words: dict[int, list[Region]] = defaultdict(list)
    for region in picture.regions:
        if region.role == WORD and region.parent is not None:
            words[region.parent].append(region)
    for i, region in enumerate(picture.regions):
        if region.role in SHAPES | {WORD} or region.quad is not None or not region.text:
            continue
        rows = list(_rows(words.get(i, [])))
        if len(rows) <= 1:
            if region.bbox[3] - region.bbox[1] > MIN_HEIGHT:
                yield region.bbox, region.text
            continue
        for row in rows:
            x0, y0, x1, y1 = zip(*(word.bbox for word in row), strict=True)
            box = (min(x0), min(y0), max(x1), max(y1))
            if box[3] - box[1] > MIN_HEIGHT:
                yield box, "".join(word.text for word in row)


def _rows(words: Sequence[Region]) -> Iterator[list[Region]]:
    """Words by line: a line begins where the middle of a word is below the words before it."""
    row: list[Region] = []
    for word in words:
        middle = (word.bbox[1] + word.bbox[3]) / 2
        if row and middle > max(other.bbox[3] for other in row):
            yield row
            row = []
        row.append(word)
    if row:
        yield row


def enlarged(pixels: Pixels, box: Box) -> Pixels:
    """A line with plain pixels around it, as high as the engine reads it."""
    part = cut(pixels, box)
    pad = max(2, round(part.shape[0] * AROUND))
    part = np.pad(part, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    scale = READ_HEIGHT / part.shape[0]
    size = (max(8, round(part.shape[1] * scale)), READ_HEIGHT)
    return np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BICUBIC))


def pictures(options: argparse.Namespace) -> Iterator[tuple[str, str, Picture]]:
    """Language, type and picture."""
    for lang in ("en", "zh"):
        corpus = load_corpus(lang)
        for name, backend in open_backends(options.backends, lang).items():
            able = backend_types(name)
            wanted = [t for t in able if not options.types or t in options.types]
            for number, type_ in enumerate(wanted):
                for i in range(options.charts):
                    rng = np.random.default_rng([lang == "zh", number, i])
                    spec = random_spec(type_, lang, corpus, rng, backend.forms)
                    if i % 2 and backend.annotations:
                        spec = annotated(spec, backend.annotations, corpus, rng)
                    try:
                        yield lang, type_, backend.render(spec, rng).drawing.picture()
                    except Rejected:
                        continue
            for i in range(options.figures if backend.figures and not options.types else 0):
                rng = np.random.default_rng([7, lang == "zh", i])
                first = able[int(rng.integers(len(able)))]
                known = backend.forms, backend.annotations, ANNOTATED
                figure = random_figure(first, able, corpus, rng, *known)
                try:
                    if figure is not None:
                        yield lang, "panels", backend.render_figure(figure, rng).picture
                except Rejected:
                    continue
            backend.close()


def main() -> None:
    """Print the share of letters that are read, by language and by type."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=2, help="of each type and language")
    parser.add_argument("--figures", type=int, default=20, help="of several charts, by language")
    parser.add_argument("--backends", nargs="+", default=["matplotlib"])
    parser.add_argument("--types", nargs="+", choices=tuple(CATALOG))
    parser.add_argument("--examples", type=int, default=20, help="wrong lines to print")
    options = parser.parse_args()
    reader = open_reader("rapidocr")
    letters: dict[tuple[str, str], int] = defaultdict(int)
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    examples: list[str] = []
    for lang, type_, picture in pictures(options):
        lines = list(lines_of(picture))
        answers = reader.read_lines([enlarged(picture.pixels, box) for box, _ in lines])
        for (_, text), answer in zip(lines, answers, strict=True):
            truth, read = _plain(text), _plain(answer)
            edits = min(len(truth), _distance(truth, read))
            for key in ((lang, type_), (lang, "")):
                letters[key] += len(truth)
                wrong[key] += edits
            if edits:
                examples.append(f"{lang} {type_}: {text!r} read as {answer!r}")
    for key in sorted(letters, key=lambda k: (k[0], wrong[k] / letters[k])):
        share = 1 - wrong[key] / letters[key]
        print(f"{key[0]} {key[1] or 'all':24} {share:.4f} of {letters[key]} letters")
    for line in examples[:: max(1, len(examples) // max(1, options.examples))]:
        print(line)


if __name__ == "__main__":
    main()
