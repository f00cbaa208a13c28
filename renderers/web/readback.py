"""From the browser's answer to lines and words, after comparing it with the page's value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from renderers.languages.registry import Language
from renderers.picture import Box
from renderers.rejected import Rejected
from renderers.web.document import Inset, Span, plain
from renderers.web.html import Entry, Written
from renderers.web.katex import prints_all
from renderers.web.lines import Line, LineOrder, Token, lines_of
from renderers.web.metrics import LineMetrics

SPACES = re.compile(r"\s+")
MAX_OUTSIDE = 0.75
"""Pixels by which the box of a word may exceed the picture."""


@dataclass(slots=True)
class Laid:
    """An entry as it is on the page. `fragments` are its lines, by column; `box` is its element;
    `shown` is how many characters of its text are visible, `complete` whether all are."""

    entry: Entry
    box: Box | None
    fragments: list[list[Line]] = field(default_factory=list)
    shown: int = 0
    complete: bool = True

    @property
    def lines(self) -> list[Line]:
        """Its lines in all columns, in reading order."""
        return [line for fragment in self.fragments for line in fragment]


@dataclass(frozen=True, slots=True)
class Layout:
    """A page that was read back. `laid[n]` is None if nothing of entry `n` is on the page."""

    width: int
    height: int
    laid: tuple[Laid | None, ...]
    drawn: tuple[Box, ...]
    pictures: tuple[Box, ...]
    leftward: bool = False
    """Whether lines run from right to left."""
    readings: tuple[Box, ...] = ()
    """Where ruby is printed."""


def read_back(
    answer: Mapping[str, Any],
    written: Written,
    metrics: LineMetrics,
    language: Language,
    vertical: bool,
) -> Layout:
    """The layout in the browser's answer.

    Raises:
        Rejected: the text in the browser is not that of the value (`text`), something that must
            be visible is not (`overflow`), is cut (`clipped`) or covered (`covered`), or a
            column ends within a word whose line ends have hyphens (`order`).
    """
    if answer["unowned"]:
        raise Rejected("text", f"{answer['unowned'][:40]!r} is in no block")
    if answer["torn"]:
        raise Rejected("order", f"{answer['torn'][0][:40]!r} is broken at the end of its column")
    tokens = _tokens(answer, written.entries, metrics, language, vertical)
    order = LineOrder(vertical, language.direction == "rtl", language.splitting == "dictionary")
    for n, entry in enumerate(written.entries):
        _compare(entry, tokens[n], answer["formulaLetters"].get(str(n), ""))
        _compare_readings(entry, answer["readings"].get(str(n), ""))
    displays = _displays(answer, written.entries)
    sheet = (0.0, 0.0, float(answer["width"]), float(answer["height"]))
    flows = [tuple(rect) for rect in answer["flows"]]
    ended: set[int] = set()
    laid = []
    for n, entry in enumerate(written.entries):
        clip = sheet if entry.flow is None else flows[entry.flow]
        boxes = [displays[n]] if n in displays else _boxes(answer["entries"][n])
        laid.append(_laid(entry, tokens[n], boxes, (clip, sheet), ended, order))
    _check_whole(laid, sheet)
    pictures = [
        item.box
        for item in laid
        if item is not None and item.entry.role in ("figure", "chart") and item.box
    ]
    return Layout(
        answer["width"], answer["height"], tuple(laid), tuple(_boxes(answer["drawn"])),
        tuple(pictures), order.leftward, tuple(_boxes(answer["readingBoxes"])),
    )  # fmt: skip


def _displays(answer: Mapping[str, Any], entries: Sequence[Entry]) -> dict[int, Box]:
    """The boxes of formulas on lines of their own, without the rest of their column, by entry.

    Raises:
        Rejected: one is wider than its column (`clipped`).
    """
    found: dict[int, Box] = {}
    for n, x0, y0, x1, y1 in answer["formulas"]:
        if entries[n].math is None:
            continue
        blocks = _boxes(answer["entries"][n])
        if blocks and (x0 < blocks[0][0] - MAX_OUTSIDE or x1 > blocks[0][2] + MAX_OUTSIDE):
            raise Rejected("clipped", f"the formula {entries[n].latex[:40]!r} is too wide")
        found[n] = (x0, y0, x1, y1)
    return found


def source_text(entry: Entry) -> str:
    """The text of an entry, formulas as LaTeX, lines of code with their line breaks."""
    return "\n".join(entry.lines) if entry.lines else plain(entry.content or ())


def _tokens(
    answer: Mapping[str, Any],
    entries: Sequence[Entry],
    metrics: LineMetrics,
    language: Language,
    vertical: bool,
) -> list[list[Token]]:
    """The tokens of each entry in order."""
    found: list[list[Token]] = [[] for _ in entries]
    numbers, boxes = answer["tokens"], answer["boxes"]
    hyphens = answer["hyphens"]
    drawn = {int(hyphens[i]): tuple(hyphens[i + 1 : i + 5]) for i in range(0, len(hyphens), 5)}
    fonts = [(*metrics.of(family, size, language.extent), size) for family, size in answer["fonts"]]
    for i, text in enumerate(answer["texts"]):
        n, start, font, hidden = numbers[4 * i : 4 * i + 4]
        box = tuple(boxes[4 * i : 4 * i + 4])
        above, below, size = fonts[font]
        box = _trim(box, above, below, vertical)
        hyphen = _trim(drawn[i], above, below, vertical) if i in drawn else None
        end = start + len(text)
        found[n].append(Token(text, start, end, box, size, covered=bool(hidden), hyphen=hyphen))
    formulas: dict[int, list[Box]] = {}
    for n, *box in answer["formulas"]:
        formulas.setdefault(n, []).append(tuple(box))
    for n, entry in enumerate(entries):
        if entry.lines:
            found[n] = _in_lines(entry.lines, found[n])
        elif n in formulas and entry.content is not None:  # that of a display has no tokens
            found[n] = _with_formulas(entry, found[n], formulas[n])
    return found


def _trim(box: Any, above: float, below: float, vertical: bool) -> Box:
    """A box of a font's full height without the space above and below its letters."""
    x0, y0, x1, y1 = box
    if vertical:
        return (x0 + below, y0, x1 - above, y1) if x1 - x0 > above + below + 1 else (x0, y0, x1, y1)
    return (x0, y0 + above, x1, y1 - below)


def _with_formulas(entry: Entry, tokens: list[Token], places: list[Box]) -> list[Token]:
    """The tokens with those of inline formulas; all at their places in the source text."""
    found: list[Token] = []
    left, boxes = list(reversed(tokens)), iter(places)
    size = tokens[0].size if tokens else 12.0
    drawn = shift = 0
    for part in entry.content or ():
        if isinstance(part, Span):
            drawn += len(part.text)
            while left and left[-1].start < drawn:
                found.append(_shifted(left.pop(), shift))
            continue
        latex = f"\\({part.math.latex}\\)"
        start = drawn + shift
        found.append(Token(latex, start, start + len(latex), next(boxes), size, formula=True))
        shift += len(latex)
    return found


def _in_lines(lines: Sequence[str], tokens: Sequence[Token]) -> list[Token]:
    """The tokens of code at their places in the source text, which has line breaks."""
    found, left = [], list(reversed(tokens))
    drawn = 0
    for number, line in enumerate(lines):
        drawn += len(line)
        while left and left[-1].start < drawn:
            found.append(_shifted(left.pop(), number))
    return found


def _shifted(token: Token, by: int) -> Token:
    return replace(token, start=token.start + by, end=token.end + by)


def _compare(entry: Entry, tokens: Sequence[Token], letters: str) -> None:
    """Letter by letter: what the browser laid out against the value.

    Raises:
        Rejected: they differ, or a letter has no place.
    """
    spans = [part.text for part in entry.content or () if isinstance(part, Span)]
    expected = SPACES.sub("", "".join(entry.lines or spans))
    drawn = SPACES.sub("", "".join(t.text for t in tokens if not t.formula))
    if expected != drawn:
        at = next(
            (i for i, (a, b) in enumerate(zip(expected, drawn, strict=False)) if a != b),
            min(len(expected), len(drawn)),
        )
        what = f"{expected[at : at + 20]!r} was laid out as {drawn[at : at + 20]!r}"
        raise Rejected("text", f"in a {entry.role}: {what}")
    wanted = SPACES.sub("", "".join(math.letters for math in entry.formulas))
    printed = SPACES.sub("", letters).replace("\u2061", "")
    if all(math.mathml for math in entry.formulas):
        agrees = wanted == printed
    else:  # KaTeX prints the parts of fractions and the like in an order of its own
        agrees = prints_all(wanted, printed)
    if not agrees:
        raise Rejected("text", f"a formula in a {entry.role} has other letters")


def _compare_readings(entry: Entry, drawn: str) -> None:
    """Raises:
    Rejected: the ruby of an entry has other letters than its value.
    """
    spans = [part for part in entry.content or () if isinstance(part, Span)]
    if drawn != "".join(span.reading for span in spans):
        raise Rejected("text", f"the readings in a {entry.role} have other letters")


def _laid(
    entry: Entry,
    tokens: list[Token],
    boxes: list[Box],
    view: tuple[Any, Any],
    ended: set[int],
    order: LineOrder,
) -> Laid | None:
    """What of an entry is visible; `boxes` are those of its element, `view` is its column or
    sheet, and the sheet."""
    clip, sheet = view
    shown = [token for token in tokens if _inside(token.box, clip)]
    named = entry.role.replace("_", " ")
    if entry.flow is None:
        if len(shown) < len(tokens):
            raise Rejected("overflow", f"a {named} is not on the page")
    else:
        if shown and entry.flow in ended:
            raise Rejected("order", f"a {named} is visible after the end of its column")
        if any(a.start > b.start for a, b in zip(shown, tokens, strict=False)):
            raise Rejected("order", f"the beginning of a {named} is not visible")
        if len(shown) < len(tokens):
            ended.add(entry.flow)
    for token in shown:
        if token.covered:
            raise Rejected("covered", f"{token.text[:40]!r} in a {named}")
        if _exceeds(token, clip, order.vertical) or _outside(token.box, sheet):
            raise Rejected("clipped", f"{token.text[:40]!r} in a {named}")
        # Rows of code are not broken: its element cuts what is longer than the column.
        if entry.lines and boxes and _exceeds(token, boxes[_column(token.box, boxes)], False):
            raise Rejected("clipped", f"{token.text[:40]!r} in a {named}")
    if tokens and not shown:
        return None
    if not tokens:
        whole = next((box for box in boxes if _inside(box, clip)), None)
        if whole is None:
            if entry.flow is None and entry.content is None and entry.role != "table":
                raise Rejected("overflow", f"a {named} is not on the page")
            return None
        if entry.inset is not None and not (_holds(clip, whole) and _in_shape(entry.inset, whole)):
            raise Rejected("clipped", f"a {named} with a truth of its own is not all visible")
        return Laid(entry, whole)
    fragments: list[list[Token]] = []
    last = -1
    for token in shown:
        here = _column(token.box, boxes)
        if here != last:
            fragments.append([])
        last = here
        fragments[-1].append(token)
    return Laid(
        entry,
        next((box for box in boxes if _inside(box, clip)), boxes[0] if boxes else None),
        [lines_of(part, order) for part in fragments],
        max(token.end for token in shown),
        len(shown) == len(tokens),
    )


def _check_whole(laid: list[Laid | None], sheet: Box) -> None:
    """Tables, forms and formulas are on the page as a whole or not at all.

    Raises:
        Rejected: a part of one is.
    """
    for item in laid:
        if item is None:
            continue
        if item.entry.role in ("table", "cell") and item.box and _outside(item.box, sheet):
            raise Rejected("clipped", f"a {item.entry.role} is wider than the page")
        if item.entry.role not in ("cell", "key", "value", "tag"):
            continue
        if not item.complete:
            raise Rejected("clipped", f"a {item.entry.role} is visible in part")
    parents: dict[int, set[bool]] = {}
    for item in laid:
        if item is not None and item.entry.role == "cell" and item.entry.parent is not None:
            parents.setdefault(item.entry.parent, set()).add(True)
    for n, item in enumerate(laid):
        if item is None and n in parents:
            raise Rejected("clipped", "a table is visible in part")


def _column(box: Box, boxes: Sequence[Box]) -> int:
    """The fragment of a block in which a box lies: the nearest one."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2

    def distance(other: Box) -> float:
        return max(other[0] - x, x - other[2], 0.0) + max(other[1] - y, y - other[3], 0.0)

    return min(range(len(boxes)), key=lambda i: distance(boxes[i])) if boxes else 0


def _boxes(numbers: Sequence[float]) -> list[Box]:
    return [
        (numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3])
        for i in range(0, len(numbers), 4)
    ]


def _inside(box: Box, clip: Any) -> bool:
    """Whether the center of a box is visible."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(clip[0] <= x <= clip[2] and clip[1] <= y <= clip[3])


def _holds(clip: Any, box: Box) -> bool:
    """Whether all of a box is visible."""
    return bool(
        box[0] >= clip[0] - MAX_OUTSIDE
        and box[1] >= clip[1] - MAX_OUTSIDE
        and box[2] <= clip[2] + MAX_OUTSIDE
        and box[3] <= clip[3] + MAX_OUTSIDE
    )


def _in_shape(inset: Inset, box: Box) -> bool:
    """Whether a box has the proportions of a picture, up to a pixel: it would be cut otherwise."""
    height = (box[2] - box[0]) * inset.height / inset.width
    return abs(box[3] - box[1] - height) <= 1


def _outside(box: Box, sheet: Any) -> bool:
    """Whether a box is not all on the picture."""
    return bool(
        min(box[0], box[1]) < -MAX_OUTSIDE
        or box[2] > sheet[2] + MAX_OUTSIDE
        or box[3] > sheet[3] + MAX_OUTSIDE
    )


def _exceeds(token: Token, clip: Any, vertical: bool) -> bool:
    """Whether letters of a token may be cut by the edge of the visible part."""
    across = 0.12 * token.size
    along = 0.05 * token.size
    dx, dy = (across, along) if vertical else (along, across)
    box = token.box
    return bool(
        box[0] < clip[0] - dx
        or box[2] > clip[2] + dx
        or box[1] < clip[1] - dy
        or box[3] > clip[3] + dy
    )
