"""From text to lines: words and Chinese characters as boxes with glue before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.styled_pages.sheet import BLACK, Face, Ink, Run, Sheet

NO_START = set("，。、；：？！）》」』】〕”’％…—~,.;:?!)")
NO_END = set("（《「『【〔“‘(")
HALF_LEFT = set("，。、；：？！）》」』】〕”’")
"""Signs whose ink is in the left half of their square; in some faces it is in the middle."""
HALF_RIGHT = set("（《「『【〔“‘")
HALF = HALF_LEFT | HALF_RIGHT
SQUARE = 0.9
"""Least width of a sign that may be squeezed: quotes of some faces are as narrow as Latin ones."""
APART = 0.04
"""Least distance of a squeezed sign's ink from the edges of its box."""
QUOTES = set("“”‘’—…")
WORDS = re.compile(
    r"\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+"
)
SYLLABLE = re.compile(
    "(?<=[a-z][aeiouy][bcdfghjklmnpqrstvwxz])(?=[bcdfghjklmnpqrstvwxz][aeiouy][a-z])"
    "|(?<=[a-z][bcdfghjklmnpqrstvwxz][aeiou])(?=[bcdfghjklmnpqrstvwxz][aeiou][a-z])"
)

Span = tuple[str, str]
"""Text and the name of its style."""


@dataclass(frozen=True, slots=True)
class Box:
    """What is not broken: its runs, its width, the glue before it and that glue's share of what a
    line has left [points]."""

    runs: tuple[Run, ...]
    width: float
    glue: float = 0.0
    stretch: float = 0.0
    breaks: bool = True
    text: str = ""


@dataclass(frozen=True)
class Type:
    """The faces of a document by style, and how Chinese is set.

    `squeezed` is the width of a Chinese sign as a share of its square, `quarter` the glue between
    Latin and Chinese text in squares; None where text keeps its own spaces.
    """

    latin: Mapping[str, Face]
    han: Mapping[str, Face]
    signs: Sequence[Face]
    inks: Mapping[str, Ink]
    squeezed: float
    quarter: float | None
    chinese: bool

    def face(self, character: str, style: str) -> Face | None:
        """The first face with the character."""
        latin = self.latin.get(style) or self.latin["roman"]
        order: list[Face] = [latin, *self.signs]
        if self.han:
            han = self.han.get(style) or self.han["roman"]
            first = is_han(character) or (self.chinese and character in QUOTES and style != "mono")
            order = [han, latin, *self.signs] if first else [latin, *self.signs, han]
        return next((face for face in order if face.glyph(character)[0]), None)

    def runs(self, text: str, style: str, size: float, x: float = 0.0) -> Iterator[Run]:
        """The text from `x` on, characters of one face together."""
        part, current = "", None
        for character in text:
            face = self.face(character, style)
            if face is None:
                continue
            if face is not current and part:
                assert current is not None
                yield Run(current, size, part, x, 0.0, self.inks.get(style, BLACK))
                x += current.width(part) * size
                part = ""
            current = face
            part += character
        if current is not None and part:
            yield Run(current, size, part, x, 0.0, self.inks.get(style, BLACK))

    def box(self, text: str, style: str, size: float) -> Box:
        """One box of all the text; of `logo`, `sub` and `super` parts are lowered or raised."""
        if style in ("sub", "super"):
            rise = (-0.18 if style == "sub" else 0.36) * size
            runs = tuple(replace(run, rise=rise) for run in self.runs(text, "roman", 0.7 * size))
            return Box(runs, width_of(runs), text=text)
        if style == "logo":
            return self.logo(text, size)
        runs = tuple(self.runs(text, style, size))
        return Box(runs, width_of(runs), text=text)

    def logo(self, text: str, size: float) -> Box:
        """TEX and LATEX with a lowered E and a raised A."""
        runs: list[Run] = []
        x = 0.0
        for i, character in enumerate(text):
            small = text.startswith("LA") and i == 1
            scale, rise = (0.7, 0.2) if small else (1.0, -0.22 if character == "E" else 0.0)
            for run in self.runs(character, "roman", scale * size, x):
                runs.append(replace(run, rise=rise * size))
                x = run.x + run.face.width(run.text) * run.size - (0.13 if i < 4 else 0) * size
        return Box(tuple(runs), x + 0.13 * size if runs else 0.0, text=text)

    def boxes(self, spans: Iterable[Span], size: float) -> list[Box]:
        """The boxes of a paragraph."""
        found: list[Box] = []
        space = before_han = False
        before = ""
        for text, style in spans:
            face = self.latin.get(style) or self.latin["roman"]
            wide = (face.width(" ") or 0.3) * size
            for match in WORDS.finditer(text):
                word = match[0]
                if word.isspace():
                    space = True
                    continue
                han = is_han(word[0])
                box = self.sign(word, style, size) if han else self.box(word, style, size)
                glue, stretch = 0.0, 0.0
                if found and (han or before_han):
                    stretch = 0.15 * size
                    if han != before_han and before not in NO_END and word not in NO_START:
                        glue = wide if space else 0.0
                        if self.quarter is not None:
                            glue = self.quarter * size
                elif found and space:
                    glue, stretch = wide, wide
                free = bool(glue) or han or before_han or space
                breaks = free and not (found and before in NO_END) and word[0] not in NO_START
                found.append(replace(box, glue=glue, stretch=stretch, breaks=breaks))
                space, before_han, before = False, han, word[-1]
        return found

    def sign(self, character: str, style: str, size: float) -> Box:
        """A Chinese character; signs are narrower where the document has them so."""
        box = self.box(character, style, size)
        if self.squeezed == 1.0 or not box.runs or character not in HALF:
            return box
        face = box.runs[0].face
        full = face.width(character)
        if full < SQUARE:
            return box
        begin, end = face.sides(character, HALF)
        width = min(full, max(full * self.squeezed, end - begin + 2 * APART))
        if character in HALF_LEFT:
            shift = max(0.0, end + APART - width)
        else:
            shift = min(full - width, begin - APART)
        runs = tuple(replace(run, x=run.x - shift * size) for run in box.runs)
        return replace(box, runs=runs, width=width * size)


def is_han(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef"


def fitting_in(text: str, places: int) -> int:
    """How many characters of a text in a fixed-width face fit into some places: a Chinese one
    takes two."""
    used = 0
    for count, character in enumerate(text):
        used += 2 if character >= "\u2e80" else 1
        if used > places:
            return count
    return len(text)


def width_of(runs: Sequence[Run]) -> float:
    last = max(runs, key=lambda run: run.x, default=None)
    return last.x + last.face.width(last.text) * last.size if last else 0.0


def joined(boxes: Iterable[Box]) -> Box:
    """The boxes in a row as one that is not broken."""
    runs: list[Run] = []
    x, text = 0.0, ""
    for box in boxes:
        x += box.glue if runs else 0.0
        runs += [replace(run, x=run.x + x) for run in box.runs]
        x += box.width
        text += box.text
    return Box(tuple(runs), x, text=text)


def break_lines(
    boxes: Sequence[Box], width: float, first: float = 0.0, hyphens: Type | None = None
) -> Iterator[list[Box]]:
    """Greedy lines of at most `width`, the first one `first` shorter; `hyphens` breaks words."""
    line: list[Box] = []
    room = width - first
    used = 0.0
    waiting = list(reversed(boxes))
    while waiting:
        box = waiting.pop()
        glue = box.glue if line else 0.0
        if used + glue + box.width <= room or not line:
            line.append(box)
            used += glue + box.width
            continue
        parts = hyphenated(box, room - used - glue, hyphens) if hyphens else None
        if parts:
            line.append(parts[0])
            waiting.append(parts[1])
        else:
            waiting.append(box)
            while len(line) > 1 and not waiting[-1].breaks:
                waiting.append(line.pop())
        yield line
        line, used, room = [], 0.0, width
    if line:
        yield line


def hyphenated(box: Box, room: float, faces: Type) -> tuple[Box, Box] | None:
    """A word in two, the first part with a hyphen, if one fits into `room`."""
    if len(box.runs) != 1 or len(box.text) < 6 or not box.text.isalpha() or not box.breaks:
        return None
    (run,) = box.runs
    hyphen = run.face.width("-")
    for place in reversed([match.start() for match in SYLLABLE.finditer(box.text)]):
        wide = (run.face.width(box.text[:place]) + hyphen) * run.size
        if wide <= room:
            head = replace(run, text=box.text[:place] + "-")
            tail = replace(run, text=box.text[place:])
            rest = box.width - wide + hyphen * run.size
            return (
                replace(box, runs=(head,), width=wide),
                Box((tail,), rest, box.glue, box.stretch, True, box.text[place:]),
            )
    return None


def natural_width(line: Sequence[Box]) -> float:
    """The width of a line whose glue is not stretched."""
    return sum(box.width for box in line) + sum(box.glue for box in line[1:])


def draw_line(
    sheet: Sheet, x: float, y: float, line: Sequence[Box], width: float, align: str
) -> None:
    """Draw a line: `left`, `center`, `right` or `fill`."""
    left = width - natural_width(line)
    share = 0.0
    if align == "fill":
        total = sum(box.stretch for box in line[1:])
        share = left / total if total and left < 0.4 * width else 0.0
    elif align != "left":
        x += left if align == "right" else left / 2
    for i, box in enumerate(line):
        x += (box.glue + share * box.stretch) if i else 0.0
        for run in box.runs:
            sheet.run(x, y, run)
        x += box.width
