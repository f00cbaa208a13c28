"""Texts against marks: a line must not cross a text, a text must not cover a foreign point, and
the nearest point must be its own.

All functions take boxes `[n, 4]` in pixels: left, top, right, bottom.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from renderers.charts.drawing import Drawing, DrawnText, Line, Mark
from renderers.charts.turned import RIGHT_ANGLE, corners

Array = npt.NDArray[np.float64]

MARK_TEXTS = frozenset({"value", "label", "category", "note"})
"""Roles of texts that belong to marks, or are among them."""
PRINTED = frozenset({"value", "label"})
"""Roles of texts that say the values of their marks: the place of a mark below is not needed."""
NOTE = "note"
"""The role of the texts of annotations: they may lie on no mark and no line of data, also with
a plate, which would hide the end of a bar or a part of a line."""
TOUCH = 2.0
"""Pixels by which a line may enter the box of a text, whose corners are mostly empty, or a text a
point."""
ROUNDING = 0.5
"""Pixels by which the box of a note and a mark may share rows and columns."""
CLEARLY = 1.0
"""A foreign point is nearer only if it is so by more than this, in pixels."""


def crossed(drawing: Drawing) -> Iterator[DrawnText]:
    """Texts without a plate, and notes, that a line of data or the leader of another text runs
    through."""
    if not drawing.lines and not drawing.leaders:
        return
    every = (*drawing.lines, *drawing.leaders)
    starts = np.concatenate([np.asarray(line.corners[:-1]) for line in every])
    stops = np.concatenate([np.asarray(line.corners[1:]) for line in every])
    owners = [()] * len(drawing.lines) + [leader.path for leader in drawing.leaders]
    owner = [path for path, line in zip(owners, every, strict=True) for _ in line.corners[1:]]
    for text in drawing.texts:
        if text.role not in MARK_TEXTS or text.angle % RIGHT_ANGLE:
            continue
        if text.plate and text.role != NOTE:
            continue
        x0, y0, x1, y1 = text.plate or text.bbox
        inner = np.array([x0 + TOUCH, y0 + TOUCH, x1 - TOUCH, y1 - TOUCH])
        if inner[0] >= inner[2] or inner[1] >= inner[3]:
            continue
        entering = np.flatnonzero(enter(starts, stops, inner))
        if any(not owner[i] or owner[i] != text.path for i in entering):
            yield text


def misplaced(drawing: Drawing) -> Iterator[tuple[DrawnText, Mark]]:
    """Texts that cover a foreign point, or are nearer to it than to their own."""
    points = [mark for mark in drawing.marks if mark.round]
    if len(points) < 2:
        return
    own = {mark.path: i for i, mark in enumerate(points)}
    _, radii = discs(np.array([mark.bbox for mark in points]))
    # The box of a lollipop also bounds its stem: its head is at its point.
    centers = np.array([mark.points[0] if mark.points else mark.center for mark in points])
    for text in drawing.texts:
        if text.role not in MARK_TEXTS or not text.path:
            continue
        distance = distances(np.array([text.plate or text.bbox]), centers, radii)[0]
        mine = own.get(text.path)
        near = distance < -TOUCH
        if mine is not None:
            if not text.joined:
                near |= np.maximum(distance, 0) < max(distance[mine], 0) - CLEARLY
            near[mine] = False
        if near.any():
            yield text, points[int(np.argmin(np.where(near, distance, np.inf)))]


def hiding(drawing: Drawing) -> Iterator[tuple[DrawnText, Mark]]:
    """Texts of no mark, such as ticks, and names, whose plate or box covers a point: its place
    could not be read."""
    points = [mark for mark in drawing.marks if mark.round]
    texts = [text for text in drawing.texts if text.role not in PRINTED and _may_hide(text)]
    if not points or not texts:
        return
    centers, radii = discs(np.array([mark.bbox for mark in points]))
    boxes = np.array([text.plate or text.bbox for text in texts])
    for text, distance in zip(texts, distances(boxes, centers, radii), strict=True):
        if distance.min() < -TOUCH:
            yield text, points[int(np.argmin(distance))]


def _may_hide(text: DrawnText) -> bool:
    """Texts of foreign points are `misplaced`, those of other marks have no path."""
    if text.role in MARK_TEXTS:
        return bool(text.path and text.plate)
    return not text.angle % RIGHT_ANGLE


def covered(drawing: Drawing) -> Iterator[tuple[DrawnText, Mark]]:
    """Notes, or plates of them, that lie on a bar, a box or another mark with area."""
    marks = [mark for mark in drawing.marks if not mark.round]
    notes = [text for text in drawing.texts if text.role == NOTE and text.path]
    if not marks or not notes:
        return
    x0, y0, x1, y1 = np.array([mark.bbox for mark in marks]).T
    for text in notes:
        left, top, right, bottom = text.plate or text.bbox
        hidden = (x0 < right - ROUNDING) & (x1 > left + ROUNDING)
        hidden &= (y0 < bottom - ROUNDING) & (y1 > top + ROUNDING)
        if hidden.any():
            yield text, marks[int(np.argmax(hidden))]


def outgrown(drawing: Drawing) -> Iterator[tuple[DrawnText, Mark]]:
    """Values in the middle of a segment that is smaller than they are, and so on its neighbors."""
    marks = {mark.path: mark for mark in drawing.marks}
    for text in drawing.texts:
        mark = marks.get(text.path)
        if text.role != "value" or mark is None:
            continue
        left, top, right, bottom = text.bbox
        x0, y0, x1, y1 = mark.bbox
        inside = x0 < (left + right) / 2 < x1 and y0 < (top + bottom) / 2 < y1
        if inside and (min(left - x0, x1 - right) < -TOUCH or min(top - y0, y1 - bottom) < -TOUCH):
            yield text, mark


def over_edge(drawing: Drawing) -> Iterator[tuple[DrawnText, Mark]]:
    """Names of groups on the inner ring of a sunburst that reach beyond their sector, which is
    that of their members, within the ring of these."""
    groups: dict[str, list[Mark]] = {}
    for mark in drawing.marks:
        if mark.sector is not None and len(mark.path) == 2:
            groups.setdefault("".join(mark.path[0].split()), []).append(mark)
    for text in drawing.texts:
        members = groups.get("".join(text.text.split()), ())
        if text.role != "category" or not members:
            continue
        sectors = [mark.sector for mark in members if mark.sector is not None]
        start, end = min(s.start for s in sectors), max(s.end for s in sectors)
        left, top, right, bottom = text.bbox  # these names are not turned
        ends = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        x, y = (ends - sectors[0].center).T
        away = np.hypot(x, y)
        # From the middle of the sector, in radians; pixels have y downwards.
        turn = np.angle(np.exp(1j * (np.arctan2(-y, x) - (start + end) / 2)))
        beside = away * np.sin(np.clip(np.abs(turn) - (end - start) / 2, 0, np.pi / 2))
        if max(beside.max(), (away - sectors[0].inner).max()) > TOUCH:
            yield text, members[0]


def strayed(drawing: Drawing) -> Iterator[tuple[DrawnText, Line]]:
    """Texts that lie on the line of another value, in charts whose values are lines: it would be
    read as theirs, also with a plate."""
    values = {mark.path for mark in drawing.marks}
    lines = [line for line in drawing.lines if line.path in values]
    for text in drawing.texts if lines else ():
        if text.role != "value" or not text.path:
            continue
        box = np.array(corners(text))
        middle, along = box.mean(axis=0), box[1] - box[0]
        turn = along / np.hypot(*along)
        frame = np.array([[turn[0], -turn[1]], [turn[1], turn[0]]])
        half = np.abs((box - middle) @ frame).max(axis=0) - TOUCH
        for line in lines:
            places = (np.asarray(line.corners) - middle) @ frame
            if (
                line.path != text.path
                and enter(places[:-1], places[1:], np.array([*-half, *half])).any()
            ):
                yield text, line
                break


def misnamed(drawing: Drawing) -> Iterator[tuple[DrawnText, Line]]:
    """Names at the ends of lines that are nearer to the end of another line, without a leader."""
    ends = {line.path: line.corners[-1] for line in drawing.lines if len(line.path) == 1}
    for text in drawing.texts:
        if text.role != "legend" or text.joined or text.path not in ends:
            continue
        middle = (text.bbox[1] + text.bbox[3]) / 2
        distances = {path: abs(end[1] - middle) for path, end in ends.items()}
        nearest = min(distances, key=lambda path: distances[path])
        if distances[nearest] < distances[text.path] - CLEARLY:
            yield text, next(line for line in drawing.lines if line.path == nearest)


def strange(boxes: Array, points: Array, own: int) -> npt.NDArray[np.bool_]:
    """Which of the boxes `[n, 4]` would be misplaced as the label of point `own` of all these
    points `[m, 4]`, with some pixels to spare."""
    distance = distances(boxes, *discs(points))
    mine = np.maximum(distance[:, own], 0)
    distance[:, own] = np.inf
    nearest = distance.min(axis=1)
    return np.asarray((nearest < 0) | (nearest < mine))


def discs(boxes: Array) -> tuple[Array, Array]:
    """Centers `[n, 2]` and radii `[n]` of the discs within boxes."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).min(axis=1) / 2


def distances(boxes: Array, centers: Array, radii: Array) -> Array:
    """`[boxes, discs]`: pixels between a box and a disc; negative where the box covers a part of
    the disc of this depth."""
    low = boxes[:, None, :2] - centers[None]
    high = centers[None] - boxes[:, None, 2:]
    outside = np.hypot(*np.moveaxis(np.maximum(np.maximum(low, high), 0), 2, 0))
    return np.asarray(outside - radii[None])


def enter(starts: Array, stops: Array, box: Array) -> npt.NDArray[np.bool_]:
    """Which segments `[n, 2]` to `[n, 2]` enter the box (Liang and Barsky)."""
    step = stops - starts
    with np.errstate(divide="ignore", invalid="ignore"):
        near = (box[None, :2] - starts) / step
        far = (box[None, 2:] - starts) / step
    inside = (starts > box[:2]) & (starts < box[2:])
    still = step == 0
    low = np.where(still, np.where(inside, -np.inf, np.inf), np.minimum(near, far))
    high = np.where(still, np.where(inside, np.inf, -np.inf), np.maximum(near, far))
    return np.asarray(np.maximum(low.max(axis=1), 0) < np.minimum(high.min(axis=1), 1))
