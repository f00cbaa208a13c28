"""What the blocks of a document are made of: its paragraphs, its words, program code, numbers."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.styled_pages.text import Paragraph, number

T = TypeVar("T")

NAME = re.compile(r"\\?[A-Za-z@_:]{3,40}")
CURLY = str.maketrans("'`", "’‘")
"""Quotation marks of program code as older typewriter fonts of TeX draw them."""
CURLY_CODE = 0.3
"""The share of documents with these."""
REPLACED = re.compile(r"\{[A-Za-z .]{3,}\}|'[A-Za-z .]{3,}'|\"[A-Za-z .]{3,}\"|[%#] ?[\w .]+$")
"""What is Chinese in the program code of Chinese documents: values and comments."""


@dataclass
class Content:
    """`paragraphs` are taken in turn; `code` are pieces of some lines, `words` the document's."""

    lang: str
    rng: np.random.Generator
    paragraphs: deque[Paragraph]
    words: Sequence[str]
    code: Sequence[str]
    at: int = 0
    """The next piece of code: a document's pieces follow each other."""
    row: int = 1
    """The number of the next row of code."""
    curly: bool = False
    """Whether code has curly quotation marks."""

    def __post_init__(self) -> None:
        self.at = self.integer(0, max(1, len(self.code)))
        self.row = 1 if self.chance(0.4) else self.integer(1, 3000)
        self.curly = self.chance(CURLY_CODE)

    def number(self) -> str:
        return number(self.rng)

    def integer(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one_of(self, values: Sequence[T]) -> T:
        return values[self.integer(0, len(values))]

    def phrase(self, low: int, high: int) -> str:
        """A few words of the document, as they follow each other or not."""
        count = self.integer(low, high) * (1 if self.lang == "en" else 2)
        if self.chance(0.5):
            found = self._stretch(count)
            if found:
                return found
        chosen = self.rng.integers(len(self.words), size=count)
        joiner = " " if self.lang == "en" else ""
        return joiner.join(self.words[k] for k in chosen)[:70]

    def _stretch(self, count: int) -> str:
        """`count` words or Chinese characters that follow each other."""
        text = self.paragraphs[self.integer(0, len(self.paragraphs))][1]
        if self.lang == "en":
            words = text.split()
            start = self.integer(0, max(1, len(words) - count))
            return " ".join(words[start : start + count])[:70]
        start = self.integer(0, max(1, len(text) - count))
        return text[start : start + count].strip("，。、；：？！）（ ")

    def title(self, low: int, high: int) -> str:
        text = self.phrase(low, high)
        return text[:1].upper() + text[1:]

    def paragraph(self) -> str:
        """The next paragraph, the first again after the last."""
        self.paragraphs.rotate(-1)
        return self.paragraphs[-1][1]

    def piece(self) -> list[str]:
        """The lines of a piece of code; in Chinese documents some have Chinese words in them."""
        if self.chance(0.1):
            self.at = self.integer(0, len(self.code))
        self.at = (self.at + 1) % len(self.code)
        phrase = (lambda: self.phrase(1, 6)) if self.lang == "zh" else None
        return as_shown(self.code[self.at].split("\n"), phrase, self.curly, self.rng)

    def name(self) -> str:
        """A name that the program code near here has."""
        for _ in range(4):
            at = (self.at + self.integer(-3, 4)) % len(self.code)
            found = NAME.findall(self.code[at])
            if found:
                return str(found[self.integer(0, len(found))])
        return "name"

    def section(self) -> str:
        """The number of a section: 3, 3.2, 3.2.1 or A.1."""
        depth = self.integer(1, 4)
        first = str(self.integer(1, 20)) if self.chance(0.85) else "ABCDE"[self.integer(0, 5)]
        return ".".join([first, *(str(self.integer(1, 12)) for _ in range(depth - 1))])


def as_shown(
    lines: list[str], phrase: Callable[[], str] | None, curly: bool, rng: np.random.Generator
) -> list[str]:
    """Lines of code as a document shows them: of a Chinese one, which has a `phrase`, half of the
    pieces have Chinese in them."""
    if phrase and rng.random() < 0.5:
        lines = [with_chinese(line, phrase, rng) for line in lines]
    return [line.translate(CURLY) for line in lines] if curly else lines


def with_chinese(line: str, phrase: Callable[[], str], rng: np.random.Generator) -> str:
    """The line of code with a Chinese comment or value, one of four times."""
    if rng.random() >= 0.25:
        return line
    found = REPLACED.search(line)
    if not found:
        return line
    old, new = found[0], phrase()
    new = f"{old[0]} {new}" if old[0] in "%#" else f"{old[0]}{new}{old[-1]}"
    return line[: found.start()] + new + line[found.end() :]
