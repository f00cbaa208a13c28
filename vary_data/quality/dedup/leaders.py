"""Decides which rows stay: a row goes if, and only if, an earlier row that stays is like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vary_data.quality.dedup.signatures import Signatures, band_size, bands
from vary_data.quality.grams import Hashes

LEADERS = 256
"""A row is compared with at most so many rows that stay of each band that it shares: bounds the
work where thousands of pages differ in a form's few words only."""

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Row `row` is like row `kept`; `similarity` is None where both are the same to the letter."""

    row: int
    kept: int
    similarity: float | None


def exact(texts: Hashes, documents: Hashes, within: bool) -> Iterator[Duplicate]:
    """Rows whose text is that of an earlier row, of another document unless `within`."""
    order = np.argsort(texts, kind="stable")
    same = np.flatnonzero(texts[order][1:] == texts[order][:-1])
    leaders: dict[int, list[int]] = {}
    for row in np.unique(order[np.union1d(same, same + 1)]).tolist():
        group = leaders.setdefault(int(texts[row]), [])
        kept = next((k for k in group if within or documents[k] != documents[row]), None)
        if kept is None:
            group.append(row)
        else:
            yield Duplicate(row, kept, None)


def near(
    rows: Rows,
    signatures: Signatures,
    documents: Hashes,
    threshold: float,
    within: bool,
    gone: npt.NDArray[np.bool_] | None = None,
) -> Iterator[Duplicate]:
    """Rows that are like an earlier one by at least `threshold`.

    `rows` [n] are the numbers of the rows whose `signatures` [n, PERMUTATIONS] are given;
    `documents` and `gone` are by row: what is gone already is not looked at.
    """
    left = np.arange(len(rows)) if gone is None else np.flatnonzero(~gone[rows])
    meetings = _meetings(bands(signatures, band_size(threshold)), left)
    leaders: dict[tuple[int, int], list[int]] = {}
    for place, shared in sorted(meetings.items()):
        row = int(rows[place])
        groups = [leaders.setdefault(band, []) for band in shared]
        others = sorted({other for group in groups for other in group})
        if not within:
            others = [o for o in others if documents[rows[o]] != documents[row]]
        if others:
            alike = (signatures[others] == signatures[place]).mean(axis=1)
            best = int(alike.argmax())
            if alike[best] >= threshold:
                yield Duplicate(row, int(rows[others[best]]), round(float(alike[best]), 3))
                continue
        for group in groups:
            if len(group) < LEADERS:
                group.append(place)


def _meetings(keys: Iterable[Hashes], places: Rows) -> dict[int, list[tuple[int, int]]]:
    """The bands that each of `places` shares with another one; most share none."""
    found: dict[int, list[tuple[int, int]]] = {}
    for band, every in enumerate(keys):
        key = every[places]
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1])
        for i in order[np.union1d(same, same + 1)].tolist():
            found.setdefault(int(places[i]), []).append((band, int(key[i])))
    return found
