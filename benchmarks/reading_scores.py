"""Scores of answers to pictures: distances, words, loops, and intervals over documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from renderers.leaders import has_leader, without_leaders
from trainer.evaluation.bootstrap import Estimate, estimate
from trainer.evaluation.metrics.chart import ChartDict, parse_chart
from trainer.evaluation.metrics.edits import edit_distance, ned

Line = Mapping[str, Any]
"""An answer as `benchmarks.reading` writes it: what, configuration, id, doc, truth, answer,
finished."""

TITLE = re.compile(r"""['"]title['"]: (?P<quote>['"])(?P<title>.*?)(?P=quote)[,}]""")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
LOOP = 4
"""So often, at least, a loop repeats itself at the end of an answer."""
LOOP_LENGTH = 60
"""Characters that the repetitions fill together, at least: rows of dots are no loop."""


def words(text: str) -> list[str]:
    """Words between spaces; each Chinese character is one."""
    return WORD.findall(text)


def word_accuracy(truth: str, answer: str) -> float:
    """1 − word edit distance / words of the truth, at least 0."""
    true = words(truth)
    return max(0.0, 1 - edit_distance(true, words(answer)) / max(1, len(true)))


def loops(answer: str) -> bool:
    """Whether the answer ends in the same piece again and again."""
    tail = answer[-2000:]
    for size in range(1, len(tail) // LOOP + 1):
        piece = tail[-size:]
        count = 1
        while tail.endswith(piece * (count + 1)):
            count += 1
        if count >= LOOP and count * size >= LOOP_LENGTH and re.search(r"\w", piece):
            return True
    return False


def layout(truth: str) -> str:
    """What a page mostly is, told by its truth: `dots` (three rows of dots or more, as tables of
    contents have), `listing` (3 % of signs that programs are full of, or a number before more than
    30 % of its 15 lines or more) or `text`."""
    rows = truth.split("\n")
    if len(re.findall(r"(?:\. ?){8}|·{8}", truth)) >= 3:
        return "dots"
    signs = len(re.findall(r"[\\{}_@#$%&=<>|^~]", truth)) / max(1, len(truth))
    numbered = sum(bool(re.match(r"\S{0,12} ?\d{1,4}( |$)", row)) for row in rows) / len(rows)
    return "listing" if signs > 0.03 or (numbered > 0.3 and len(rows) > 15) else "text"


def line_without_leaders(line: Line) -> Line:
    """The answer and its truth without leaders, whose dots nobody counts."""
    sides = {side: without_leaders(line[side]) for side in ("truth", "answer")}
    return {**line, **sides}


def title(text: str) -> str:
    """The title in a chart's dict, also in one that is not a whole dict."""
    found = TITLE.search(text)
    return found["title"] if found else ""


def summary(lines: Sequence[Line], seed: int = 0) -> dict[str, Any]:
    """Means over samples with intervals over documents, and counts, of one kind of picture.

    Chance is the answer to the picture before, of another document where there is one.
    """
    truths, answers = ([line[side].strip() for line in lines] for side in ("truth", "answer"))
    documents = [str(line["doc"]) for line in lines]
    before = [answers[k] for k in neighbours(documents)]
    values = [
        (ned(t, a), ned(t, b), word_accuracy(t, a))
        for t, a, b in zip(truths, answers, before, strict=True)
    ]
    rng = np.random.default_rng(seed)
    true, chance, accuracy = estimate(values, np.ones((len(values), 3)), documents, rng)
    unfinished = [line for line in lines if not line["finished"]]
    return {
        "samples": len(lines),
        "documents": len(set(documents)),
        "ned": true,
        "median": float(np.median([value[0] for value in values])),
        "chance": chance.mean,
        "words": accuracy,
        "exact": sum(value[0] == 0 for value in values),
        "unfinished": len(unfinished),
        "loops": sum(loops(line["answer"]) for line in unfinished),
    }


def neighbours(documents: Sequence[str]) -> list[int]:
    """For every sample the nearest one before it, around the end, of another document."""
    count = len(documents)
    found = []
    for i in range(count):
        others = ((i - step) % count for step in range(1, count))
        found.append(next((k for k in others if documents[k] != documents[i]), (i - 1) % count))
    return found


def gap(natural: Sequence[Line], scrambled: Sequence[Line], seed: int = 0) -> Estimate:
    """How much more of the words is right where text can be guessed: the guessing gap.

    The mean over natural samples minus that over scrambled ones, with the interval of the
    difference; documents of both are drawn anew.
    """
    rng = np.random.default_rng(seed)
    means, draws = [], []
    for lines in (natural, scrambled):
        by_document: dict[str, list[float]] = {}
        for line in lines:
            by_document.setdefault(str(line["doc"]), []).append(
                word_accuracy(line["truth"].strip(), line["answer"].strip())
            )
        sums = np.array([(sum(v), len(v)) for v in by_document.values()])
        times = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=2000)
        total = times @ sums
        means.append(sums[:, 0].sum() / sums[:, 1].sum())
        draws.append(total[:, 0] / total[:, 1])
    low, high = np.quantile(draws[0] - draws[1], (0.025, 0.975))
    return Estimate(float(means[0] - means[1]), float(low), float(high), len(natural))


def chart_parts(pairs: Iterable[tuple[str, str]]) -> str:
    """How many titles (of axes, too) and sources, names that lead to values, and values at their
    names are exactly right; an answer that is no whole dict has none."""
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


def interval(value: Estimate) -> str:
    return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})"


def table(lines: Iterable[Line]) -> Iterator[str]:
    """A line per kind and configuration, then the guessing gaps: configurations NAME-natural and
    NAME-scrambled are the same layouts."""

    def key(line: Line) -> tuple[str, str]:
        return line["what"], line["configuration"]

    groups = {k: list(group) for k, group in groupby(sorted(lines, key=key), key)}
    for (what, name), group in groups.items():
        yield row(f"{name} {what}", summary(group))
        if what == "page":
            for kind in ("text", "listing", "dots"):
                if some := [line for line in group if layout(line["truth"]) == kind]:
                    yield row(f"{name} {kind}", summary(some))
            if any(has_leader(line["truth"]) for line in group):
                yield row(f"{name} no leaders", summary(list(map(line_without_leaders, group))))
        if what == "chart":
            pairs = [(line["truth"], line["answer"]) for line in group]
            titled = [
                {**line, "truth": title(line["truth"]), "answer": title(line["answer"])}
                for line in group
                if title(line["truth"]) not in ("", "None")
            ]
            if titled:
                yield row(f"{name} title", summary(titled))
            yield f"{name} exactly right in whole dicts: {chart_parts(pairs)}"
    for what, name in groups:
        other = (what, name.removesuffix("natural") + "scrambled")
        if name.endswith("natural") and other in groups:
            difference = gap(groups[what, name], groups[other])
            yield f"{name.removesuffix('-natural')} {what} guessing gap: {interval(difference)}"


def row(name: str, found: Mapping[str, Any]) -> str:
    return (
        f"{name:<24} distance {interval(found['ned'])}, median {found['median']:.3f}, "
        f"chance {found['chance']:.3f}, words right "
        f"{interval(found['words'])}, {found['exact']} of {found['samples']} exact, "
        f"{found['documents']} documents, {found['unfinished']} unfinished, {found['loops']} loop"
    )
