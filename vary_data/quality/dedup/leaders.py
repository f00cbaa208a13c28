"""Decides which rows are kept: a row is dropped if and only if it is like an earlier kept row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vary_data.quality.dedup.signatures import Signatures, band_size, bands
from vary_data.quality.grams import Hashes

MAX_LEADERS_PER_BAND = 256
"""A row is compared with at most this many kept rows of each band that it shares. This limits the
work if thousands of pages differ only in the few words of a form."""

RowNumbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Row `row` is like row `kept`; `similarity` is None if both texts are equal."""

    row: int
    kept: int
    similarity: float | None


def exact(texts: Hashes, documents: Hashes, within: bool) -> Iterator[Duplicate]:
    """Rows with the text of an earlier row, of another document unless `within`."""
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
    rows: RowNumbers,
    signatures: Signatures,
    documents: Hashes,
    threshold: float,
    within: bool,
    gone: npt.NDArray[np.bool_] | None = None,
) -> Iterator[Duplicate]:
    """Rows with a similarity of at least `threshold` to an earlier row.

    `rows` [n] are the numbers of the rows with `signatures` [n, PERMUTATIONS]; `documents` and
    `gone` are indexed by row. Rows that are already `gone` are skipped.
    """
    left = np.arange(len(rows)) if gone is None else np.flatnonzero(~gone[rows])
    meetings = _shared_bands(bands(signatures, band_size(threshold)), left)
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
            if len(group) < MAX_LEADERS_PER_BAND:
                group.append(place)


def _shared_bands(keys: Iterable[Hashes], places: RowNumbers) -> dict[int, list[tuple[int, int]]]:
    """The bands that each of `places` shares with another one; most have none."""
    found: dict[int, list[tuple[int, int]]] = {}
    for band, every in enumerate(keys):
        key = every[places]
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1])
        for i in order[np.union1d(same, same + 1)].tolist():
            found.setdefault(int(places[i]), []).append((band, int(key[i])))
    return found
