"""Readers of the angles of slices, for `benchmarks.chart_pixels`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.chart_colors import NEAR, leaf, number


def slices(
    pixels: npt.NDArray[np.uint8], marks: Sequence[Any], values: Mapping[str, Any]
) -> Iterator[float | None]:
    """Lengths of the runs of one color on a circle around the pie's center, without the lines
    between the slices; if a slice is pulled out, so that there is no such circle, areas."""
    boxes = np.array([region.bbox for _, region in marks])
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    radius = min(right - left, bottom - top) / 2
    center = ((left + right) / 2, (top + bottom) / 2)
    turns = np.linspace(0, 2 * math.pi, 2880, endpoint=False)
    total = sum(number(leaf(values, link["path"])) for link, _ in marks)
    if abs((right - left) - (bottom - top)) > 2:
        yield from _areas(pixels, marks, values, (left, top, right, bottom))
        return
    best = [math.inf] * len(marks)
    for share in (0.72, 0.8, 0.88, 0.93):
        x = np.clip(center[0] + share * radius * np.cos(turns), 0, pixels.shape[1] - 1)
        y = np.clip(center[1] + share * radius * np.sin(turns), 0, pixels.shape[0] - 1)
        ring = pixels[y.astype(int), x.astype(int)].astype(np.int64)
        runs = _runs(ring)
        covered = sum(length for _, length in runs) or 1
        for i, (link, region) in enumerate(marks):
            wanted = number(leaf(values, link["path"])) / total
            for start, length in runs:
                box = region.bbox
                at = np.round(start + np.array([0.1, 0.5, 0.9]) * length).astype(int) % len(turns)
                inside = (x[at] > box[0] - 2) & (x[at] < box[2] + 2)
                inside &= (y[at] > box[1] - 2) & (y[at] < box[3] + 2)
                if inside.all():
                    error = abs(length / covered - wanted) * 2 * math.pi * radius
                    best[i] = min(best[i], error)
    yield from (None if math.isinf(error) else error for error in best)


def _areas(
    pixels: npt.NDArray[np.uint8],
    marks: Sequence[Any],
    values: Mapping[str, Any],
    box: Sequence[float],
) -> Iterator[float | None]:
    """Areas of the colors whose middle is in the box of a slice, as lengths on its circle."""
    x0, y0, x1, y1 = (round(v) for v in box)
    part = pixels[y0:y1, x0:x1]
    colors, index, counts = np.unique(
        part.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    # The background is the most frequent color outside.
    order = [c for c in counts.argsort()[::-1] if (colors[c] != pixels[2, 2]).any()][: len(marks)]
    label = index.reshape(part.shape[:2])
    for step in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        # The lines between slices belong to them by halves.
        shifted = np.roll(label, step, axis=(0, 1))
        label = np.where(~np.isin(label, order) & np.isin(shifted, order), shifted, label)
    counts = np.bincount(label.ravel(), minlength=len(counts))
    covered = counts[order].sum()
    total = sum(number(leaf(values, link["path"])) for link, _ in marks)
    middles = [np.argwhere(label == c).mean(axis=0) for c in order]
    for link, region in marks:
        wanted = number(leaf(values, link["path"])) / total
        a, b, c, d = region.bbox
        errors = [
            abs(counts[color] / covered - wanted) * math.pi * (x1 - x0)
            for color, (row, column) in zip(order, middles, strict=True)
            if a <= column + x0 <= c and b <= row + y0 <= d
        ]
        yield min(errors) if errors else None


def _runs(ring: npt.NDArray[np.int64]) -> list[tuple[float, float]]:
    """Start and length of the stretches of one color on a circle. Lines between slices and
    letters are short: the stretches before and after them meet in their middle."""
    changes = np.flatnonzero(np.abs(ring - np.roll(ring, 1, axis=0)).sum(axis=1) > NEAR)
    if not len(changes):
        return [(0.0, float(len(ring)))]
    lengths = np.diff(np.append(changes, changes[0] + len(ring)))
    runs = [[int(a), int(a + n)] for a, n in zip(changes, lengths, strict=True) if n > 12]
    joined: list[list[int]] = []
    for run in runs:
        same = (
            joined
            and np.abs(ring[(joined[-1][0] + 5) % len(ring)] - ring[(run[0] + 5) % len(ring)]).sum()
            < NEAR
        )
        if same and run[0] - joined[-1][1] < 60:
            joined[-1][1] = run[1]
        else:
            joined.append(run)
    if not joined:
        return []
    following = [*joined[1:], [joined[0][0] + len(ring), 0]]
    bounds = [(run[1] + after[0]) / 2 for run, after in zip(joined, following, strict=True)]
    before = [bounds[-1] - len(ring), *bounds[:-1]]
    return [(start, end - start) for start, end in zip(before, bounds, strict=True)]
