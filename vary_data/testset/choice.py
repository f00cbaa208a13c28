"""Chooses the samples of the test set among the candidates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from vary_data.base.seed import stable_hash
from vary_data.quality.dedup.leaders import exact, near
from vary_data.quality.dedup.signatures import SHINGLE_TOKENS, MinHasher
from vary_data.quality.grams import GramHasher
from vary_data.quality.wording import tokens, wording
from vary_data.testset.request import CHARTS, FORMULAS, PAGES_EN, PAGES_ZH, TABLES, BuildRequest

MIN_SIMILARITY = 0.8
BLOCKS = {TABLES: "table", FORMULAS: "formula"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A drawn sample without its picture. `folder` is the name of the pool's folder."""

    folder: str
    id: str
    doc_id: str
    lang: str
    format: str
    text: str
    source: str
    license: str
    meta: dict[str, Any]

    @classmethod
    def of(cls, folder: str, row: dict[str, Any]) -> Candidate:
        """The candidate of a stored row, whose picture is not needed."""
        names = ("id", "doc_id", "lang", "format", "text", "source", "license")
        facts = {name: row[name] for name in names}
        return cls(folder=folder, **facts, meta=json.loads(row["meta"] or "{}"))

    def fits(self, part: str, request: BuildRequest) -> bool:
        """Whether a sample is suitable for a configuration of the test set."""
        if part in (PAGES_EN, PAGES_ZH):
            return len(self.text) >= request.min_characters
        if part in BLOCKS:
            return bool(self.meta.get("blocks", {}).get(BLOCKS[part]))
        return True

    @property
    def chart_type(self) -> str:
        """The type of a chart; empty for other kinds."""
        return str(self.meta.get("type", ""))


def choose(
    part: str,
    candidates: Sequence[Candidate],
    taken: Sequence[Candidate],
    request: BuildRequest,
) -> list[Candidate]:
    """Up to the wanted number of the candidates that fit and duplicate none of `taken`.

    Samples alternate between documents, so that as many documents as possible are included;
    charts are chosen by type. The order depends only on the seed and the samples' ids.
    """
    used = {candidate.id for candidate in taken}
    fitting = [c for c in candidates if c.fits(part, request) and c.id not in used]
    fitting.sort(key=lambda c: stable_hash(request.seed, "testset", part, c.id))
    if part in CHARTS:
        return [c for group in _groups(_new(fitting, ())) for c in group[: request.charts]]
    groups = _groups(_new(fitting, taken), by_document=True)
    turns = (c for turn in zip_longest(*groups) for c in turn if c is not None)
    return [c for c, _ in zip(turns, range(request.wanted()[part]), strict=False)]


def _groups(candidates: Iterable[Candidate], by_document: bool = False) -> list[list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        key = candidate.doc_id if by_document else candidate.chart_type
        groups.setdefault(key, []).append(candidate)
    return list(groups.values())


def _new(candidates: Sequence[Candidate], taken: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that duplicate no earlier one and none of `taken`."""
    rows = [*taken, *candidates]
    if not rows:
        return []
    documents = np.arange(len(rows), dtype=np.uint64)
    texts = np.array([stable_hash(" ".join(c.text.split())) for c in rows], np.uint64)
    gone = {found.row for found in exact(texts, documents, within=True)}
    runs, sign = GramHasher(SHINGLE_TOKENS), MinHasher()
    signatures = {}
    for number, candidate in enumerate(rows):
        hashes = runs(tokens(_wording(candidate)))
        if len(hashes) and number not in gone:
            signatures[number] = sign(hashes)
    if signatures:
        numbers = np.array(list(signatures), np.int64)
        stacked = np.stack(list(signatures.values()))
        gone.update(
            found.row for found in near(numbers, stacked, documents, MIN_SIMILARITY, within=True)
        )
    return [c for i, c in enumerate(rows) if i >= len(taken) and i not in gone]


def _wording(candidate: Candidate) -> str:
    return wording({"text": candidate.text, "format": candidate.format})
