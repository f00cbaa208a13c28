"""Drop caps: the large first letter of a paragraph, beside its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from renderers.pdf.characters import Line
from renderers.pdf.pieces import usual_size

MIN_SIZE = 1.7
"""Size of a drop cap in sizes of the rows beside it."""
MAX_GAP_EM = 1.2
MAX_LETTERS = 2


def with_drop_caps(lines: Sequence[Line]) -> list[Line]:
    """The lines with each drop cap joined to the first row beside it.

    The other rows beside it get `start`, so that they do not count as indented.
    """
    caps = [
        i
        for i, line in enumerate(lines)
        if len(line.text) <= MAX_LETTERS and line.text[0].isalpha()
    ]
    if not caps:
        return list(lines)
    em = usual_size(lines)
    found = list(lines)
    joined: set[int] = set()
    for i in caps:
        cap = lines[i]
        if cap.size < MIN_SIZE * em:
            continue
        beside = sorted(
            (j for j, line in enumerate(found) if j != i and _is_beside(cap, line)),
            key=lambda j: found[j].baseline,
        )
        if len(beside) < 2 or not found[beside[0]].text[0].isalnum():
            continue
        first = found[beside[0]]
        found[beside[0]] = replace(
            first,
            text=cap.text + first.text,
            boxes=(*cap.boxes, *first.boxes),
            box=(cap.box[0], first.box[1], first.box[2], first.box[3]),
            styles=cap.styles + first.styles,
            drop_cap=True,
        )
        for j in beside[1:]:
            found[j] = replace(found[j], start=cap.box[0])
        joined.add(i)
    return [line for i, line in enumerate(found) if i not in joined]


def _is_beside(cap: Line, line: Line) -> bool:
    """Whether a row begins to the right of the cap and has its base line at the cap's height."""
    if line.size * MIN_SIZE > cap.size or not line.x0 - cap.x1 + 0.3 * line.size >= 0:
        return False
    if line.x0 - cap.x1 > MAX_GAP_EM * line.size:
        return False
    return cap.top - 0.4 * line.size < line.baseline <= cap.baseline + 0.3 * line.size
