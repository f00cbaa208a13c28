"""Is the truth on the picture? Every string of it must be drawn once, whole and legible.

The audit sees only what a backend read back from its renderer, so it holds for any of them. It
answers with flaws; a chart without flaws may be shipped.

Reasons: `missing`, `duplicate`, `unexpected` (drawn, but not in the truth), `cut` (beyond the
picture), `overlap` (text on text), `glyph`, `contrast`, `small`; for marks see
`renderers.charts.mark_audit`, for annotations
`renderers.charts.annotations.told`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from renderers.charts.annotations.told import annotation_flaws
from renderers.charts.drawing import Drawing, DrawnText
from renderers.charts.expected import Expected, expected, plain
from renderers.charts.flaw import Flaw
from renderers.charts.mark_audit import mark_flaws
from renderers.charts.spec import ChartSpec
from renderers.charts.turned import RIGHT_ANGLE, collide, corners
from renderers.languages.registry import language

MAX_OVERLAP = 1.0
"""Square pixels that two text boxes may share."""
MAX_HIDDEN = 1.0
"""Pixels by which the plate behind a text may reach into the box of another one."""
MIN_SPACE = 0.25
"""Between two texts of one role on one line, in ems: a word space. Nearer ones read as one text."""
SAME_LINE = 0.5
"""Share of the height that two texts on one line have in common."""
MAX_OUTSIDE = 0.5
"""Pixels by which a box may leave the picture: the blur of antialiasing."""
MIN_CONTRAST = 3.0
"""WCAG 2.2 (1.4.3) for large text; chart texts are short and often colored."""
MIN_SIZE, MIN_FINE_SIZE = 8.0, 10.0
"""Smallest em in pixels, on a picture whose sides are at most `TRAINED_SIDE`; the second of scripts
with fine letters."""
TRAINED_SIDE = 1024
"""Longer side in pixels to which Vary's pictures are shrunk (arXiv 2312.06109, section 3.2)."""
SIZE_ROUNDING = 0.25
"""Pixels: sizes are rounded to halves."""

TITLES = ("title", "source", "x_title", "y_title", "y2_title")
LABEL_JOINTS = frozenset(":：,，;；-–—|/·()（）=→>±")
"""Characters between and after the parts of a combined label such as `Beijing: 12%`."""


def min_size(lang: str) -> float:
    """The smallest em of a language in pixels."""
    return MIN_FINE_SIZE if language(lang).fine else MIN_SIZE


def audit(spec: ChartSpec, drawing: Drawing) -> tuple[Flaw, ...]:
    """Everything that is wrong with the drawing, gravest first."""
    return (
        *text_flaws(spec, drawing),
        *mark_flaws(spec, drawing),
        *annotation_flaws(spec, drawing.steadied()),
    )


def text_flaws(spec: ChartSpec, drawing: Drawing) -> tuple[Flaw, ...]:
    """What is wrong with the texts, whatever the marks are."""
    wanted = expected(spec, drawing.texts)
    return (
        *_titles(spec, drawing.texts),
        *_content(wanted, drawing.texts),
        *layout_flaws(spec.lang, drawing),
    )


def layout_flaws(lang: str, drawing: Drawing) -> tuple[Flaw, ...]:
    """What is wrong with the places and the legibility of the texts, whatever they say."""
    return (
        *_outside(drawing),
        *_overlaps(drawing.texts),
        *_hidden(drawing.texts),
        *_legibility(lang, drawing),
    )


def _titles(spec: ChartSpec, texts: Sequence[DrawnText]) -> Iterator[Flaw]:
    for role in TITLES:
        wanted: str | None = getattr(spec, role)
        found = [t for t in texts if t.role == role]
        if wanted is None:
            yield from (Flaw("unexpected", t.text, t.bbox) for t in found)
            continue
        matching = [t for t in found if plain(t.text) == plain(wanted)]
        yield from (Flaw("unexpected", t.text, t.bbox) for t in found if t not in matching)
        yield from _count(wanted, matching, 1)


def _content(wanted: Expected, texts: Sequence[DrawnText]) -> Iterator[Flaw]:
    """Names and values, on their own or joined in labels."""
    names = {plain(name): (name, roles) for name, roles in wanted.names}
    values = Counter(plain(value) for value in wanted.values)
    labeled: Counter[str] = Counter()
    for text in (t for t in texts if t.role == "label"):
        pair = _pair(text.text, wanted.pairs)
        if pair is None:
            yield Flaw("unexpected", text.text, text.bbox)
            continue
        labeled[plain(pair[0])] += 1
        if values[plain(pair[1])] == 0:
            yield Flaw("duplicate", text.text, text.bbox)
        else:
            values[plain(pair[1])] -= 1

    for i, group in enumerate(wanted.groups):
        keys = {plain(name) for name in group}
        usual_role = wanted.group_roles[i] if wanted.group_roles else _usual_role(texts, keys)
        for key in sorted(keys):
            name, roles = names[key]
            matching = [t for t in texts if t.role in roles and plain(t.text) == key]
            in_usual_role = [t for t in matching if t.role == usual_role]
            drawn = in_usual_role or ([] if wanted.group_roles else matching)
            if labeled[key]:
                if labeled[key] > 1 or in_usual_role:
                    yield Flaw("duplicate", name, drawn[0].bbox if drawn else None)
                continue
            yield from _count(name, drawn, 1)

    for text in (t for t in texts if t.role == "value"):
        if values[plain(text.text)] > 0:
            values[plain(text.text)] -= 1
        else:
            yield Flaw("unexpected", text.text, text.bbox)
    for value in wanted.values:
        if values[plain(value)] > 0:
            values[plain(value)] -= 1
            yield Flaw("missing", value)
    known = set(names)
    for text in texts:
        if text.role in ("legend", "category") and plain(text.text) not in known:
            yield Flaw("unexpected", text.text, text.bbox)


def _usual_role(texts: Sequence[DrawnText], keys: set[str]) -> str:
    """The role in which most of these names are drawn: their axis, the legend, …"""
    roles = Counter(t.role for t in texts if plain(t.text) in keys and t.role != "label")
    return max(sorted(roles), key=lambda role: roles[role], default="")


def _pair(text: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The name and value of a combined label that holds nothing else but joints."""
    drawn = plain(text)
    for name, value in pairs:
        head, tail = plain(name), plain(value)
        if not drawn.startswith(head):
            continue
        rest = drawn[len(head) :]
        start = rest.rfind(tail)
        if start < 0:
            continue
        joint, end = rest[:start], rest[start + len(tail) :]
        if set(joint) <= LABEL_JOINTS and set(end) <= LABEL_JOINTS and not joint.endswith("-"):
            return name, value
    return None


def _count(text: str, drawn: Sequence[DrawnText], times: int) -> Iterator[Flaw]:
    if len(drawn) < times:
        yield Flaw("missing", text)
    for extra in drawn[times:]:
        yield Flaw("duplicate", text, extra.bbox)


def _outside(drawing: Drawing) -> Iterator[Flaw]:
    height, width = drawing.pixels.shape[:2]
    for text in drawing.texts:
        x0, y0, x1, y1 = text.bbox
        if min(x0, y0) < -MAX_OUTSIDE or x1 > width + MAX_OUTSIDE or y1 > height + MAX_OUTSIDE:
            yield Flaw("cut", text.text, text.bbox)


def _overlaps(texts: Sequence[DrawnText]) -> Iterator[Flaw]:
    for a, b in _near(texts):
        width = min(a.bbox[2], b.bbox[2]) - max(a.bbox[0], b.bbox[0])
        height = min(a.bbox[3], b.bbox[3]) - max(a.bbox[1], b.bbox[1])
        if width <= 0 or height <= 0 or width * height <= MAX_OVERLAP:
            if not _run_together(a, b, -width, height):
                continue
        elif (a.angle % RIGHT_ANGLE or b.angle % RIGHT_ANGLE) and not collide(
            corners(a), corners(b)
        ):
            continue
        yield Flaw("overlap", f"{a.text} / {b.text}", a.bbox)


def _hidden(texts: Sequence[DrawnText]) -> Iterator[Flaw]:
    """Texts that the plate behind another text covers in part."""
    plated = [text for text in texts if text.plate]
    if not plated:
        return
    x0, y0, x1, y1 = np.array([text.bbox for text in texts]).T
    for text in plated:
        left, top, right, bottom = text.plate or text.bbox
        width = np.minimum(x1, right) - np.maximum(x0, left)
        height = np.minimum(y1, bottom) - np.maximum(y0, top)
        for i in np.flatnonzero((width > MAX_HIDDEN) & (height > MAX_HIDDEN)).tolist():
            other = texts[i]
            if other is not text and not other.angle % RIGHT_ANGLE:
                yield Flaw("overlap", f"the plate of {text.text} / {other.text}", other.bbox)


def _near(texts: Sequence[DrawnText]) -> Iterator[tuple[DrawnText, DrawnText]]:
    """Pairs on common rows whose boxes share columns, or are less than a word space apart."""
    if len(texts) < 2:
        return
    x0, y0, x1, y1 = np.array([text.bbox for text in texts]).T
    spaces = MIN_SPACE * np.array([text.size for text in texts])
    width = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    height = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    near = (height > 0) & (-width < np.minimum.outer(spaces, spaces))
    for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True):
        yield texts[i], texts[j]


def _run_together(a: DrawnText, b: DrawnText, gap: float, height: float) -> bool:
    """Whether two upright texts of one role stand side by side without a word space."""
    if gap >= MIN_SPACE * min(a.size, b.size) or a.role != b.role or a.angle or b.angle:
        return False
    return height > SAME_LINE * min(t.bbox[3] - t.bbox[1] for t in (a, b))


def _legibility(lang: str, drawing: Drawing) -> Iterator[Flaw]:
    # Trainers shrink larger pictures to this side.
    shrink = min(1.0, TRAINED_SIDE / max(drawing.pixels.shape[:2]))
    for text in drawing.texts:
        if text.missing:
            yield Flaw("glyph", text.text, text.bbox)
        if text.contrast < MIN_CONTRAST:
            yield Flaw("contrast", text.text, text.bbox)
        if text.size * shrink < min_size(lang) - SIZE_ROUNDING:
            yield Flaw("small", text.text, text.bbox)
