"""Text for pages: stretches of the corpus, as they stand or changed to what nobody could guess."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

STRETCH = {"en": 24_000, "zh": 8_000}
"""Characters that no other split has a part of."""
HELD_OUT = 40
"""One of so many stretches is for validation."""
SENTENCE = re.compile(r"(?<=[.!?;]) +|(?<=[。！？；])")
HAN = re.compile("[\u4e00-\u9fff]")
DOUBLE_QUOTED = re.compile(r'"([^"]+)"')
SINGLE_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
RANGE = re.compile(r"(?<![\w.-])(\d{1,4})--?(\d{1,4})(?![\w.-])")
DASH = re.compile(r" -{1,3} |(?<=[a-z])---?(?=[a-z])")
LETTERS = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SIGNED = LETTERS + 2 * string.punctuation
TYPOGRAPHIC = 0.7
"""The share of English documents with typographic quotation marks."""
LATIN_LISTS = 0.1
"""The share of Latin words in Chinese text that others follow after a Chinese comma."""

Paragraph = tuple[str, str]
"""Tag and text."""


@dataclass(frozen=True)
class Corpus:
    """The text of a split. `words` are different words; of Chinese, all characters that the fonts
    have. `latin` are Latin words and names that stand in Chinese text."""

    lang: str
    stretches: list[list[Paragraph]]
    words: list[str]
    latin: list[str]


def cut_stretches(
    paragraphs: Sequence[Paragraph], size: int, split: str
) -> Iterator[list[Paragraph]]:
    """The stretches of a split: every `HELD_OUT`-th is for validation."""
    number, stretch, length = 0, list[Paragraph](), 0
    for paragraph in paragraphs:
        stretch.append(paragraph)
        length += len(paragraph[1])
        if length >= size:
            if (number % HELD_OUT == HELD_OUT // 2) == (split == "validation"):
                yield stretch
            number, stretch, length = number + 1, [], 0


def take(stretch: Sequence[Paragraph], start: float, characters: int) -> Iterator[Paragraph]:
    """Paragraphs from somewhere in the stretch on, around its end if need be."""
    i = int(start * len(stretch))
    while characters > 0:
        yield stretch[i % len(stretch)]
        characters -= len(stretch[i % len(stretch)][1]) + 12
        i += 1


def changed(
    text: list[Paragraph], kind: str, corpus: Corpus, rng: np.random.Generator
) -> list[Paragraph]:
    """The paragraphs with the text of a kind: as many, about as long."""
    if kind == "natural":
        return text
    joiner = " " if corpus.lang == "en" else ""
    lengths = [len(t) for _, t in text]
    if kind == "shuffled":
        sentences: list[str] = []
        while sum(map(len, sentences)) < sum(lengths):
            stretch = corpus.stretches[int(rng.integers(len(corpus.stretches)))]
            sentences += SENTENCE.split(stretch[int(rng.integers(len(stretch)))][1])
        order = [sentences[k] for k in rng.permutation(len(sentences))]
        return [
            (tag, joiner.join(fill(order, n))) for (tag, _), n in zip(text, lengths, strict=True)
        ]
    if corpus.lang == "zh":
        characters = [c for _, t in text for c in t if HAN.match(c)]
        if kind == "scrambled":
            characters = [characters[k] for k in rng.permutation(len(characters))]
        else:
            characters = [
                corpus.words[k] for k in rng.integers(len(corpus.words), size=len(characters))
            ]
        new = iter(characters)
        return [(tag, HAN.sub(lambda _: next(new), t)) for tag, t in text]
    words = [word for _, t in text for word in t.split()]
    if kind == "scrambled":
        words = [words[k] for k in rng.permutation(len(words))]
    else:
        # short words stay: without them no page would pass for English
        words = [w if len(w) < 4 else unlikely(corpus, rng) for w in words]
    order = words[::-1]
    return [(tag, " ".join(order.pop() for _ in t.split())) for tag, t in text]


def mixed(
    text: list[Paragraph], latin: Sequence[str], rate: float, rng: np.random.Generator
) -> list[Paragraph]:
    """Chinese text with Latin words in it, as technical text has them: one after so many
    characters, or some of them with Chinese commas between."""

    def insert(match: re.Match[str]) -> str:
        if rng.random() >= rate:
            return match[0]
        space = " " if rng.random() < 0.7 else ""
        count = int(rng.integers(2, 6)) if rng.random() < LATIN_LISTS else 1
        words = (latin[int(k)] for k in rng.integers(len(latin), size=count))
        comma = "，、"[int(rng.integers(2))]
        return f"{match[0]}{space}{comma.join(words)}{space}"

    return [(tag, HAN.sub(insert, t)) for tag, t in text]


def typographic(text: list[Paragraph], rng: np.random.Generator) -> list[Paragraph]:
    """The paragraphs with the quotation marks, apostrophes and dashes of set text."""
    dash = ("—", " – ", " — ")[int(rng.integers(3))]

    def set_text(words: str) -> str:
        words = DASH.sub(dash, RANGE.sub(r"\1–\2", words))
        words = DOUBLE_QUOTED.sub(r"“\1”", words)
        words = SINGLE_QUOTED.sub(r"‘\1’", words)
        return APOSTROPHE.sub("’", words)

    return [(tag, set_text(words)) for tag, words in text]


def fill(order: list[str], length: int) -> Iterator[str]:
    """Sentences for a paragraph of some `length` characters."""
    while order and length > 0:
        sentence = order.pop()
        length -= len(sentence)
        yield sentence


def unlikely(corpus: Corpus, rng: np.random.Generator) -> str:
    """A word of the corpus, each equally likely, a number, or letters at random, some with the
    signs of ASCII among them."""
    case = rng.random()
    if case < 0.6:
        return corpus.words[int(rng.integers(len(corpus.words)))]
    if case < 0.75:
        return number(rng)
    alphabet = SIGNED if case > 0.93 else LETTERS
    return "".join(alphabet[k] for k in rng.integers(len(alphabet), size=int(rng.integers(1, 11))))


def number(rng: np.random.Generator) -> str:
    """A number as tables and texts have them."""
    value = float(np.exp(rng.uniform(-2, 12)))
    forms = (
        f"{value:.0f}",
        f"{value:.2f}",
        f"{value:,.0f}",
        f"{value % 100:.1f}%",
        f"-{value:.1f}",
        f"{1900 + value % 130:.0f}",
        f"{value % 30 + 1:.0f}/{value % 12 + 1:.0f}",
        f"{value:.1e}",
        f"{value % 400:.0f}–{value % 400 + 9:.0f}",
    )
    return forms[int(rng.integers(len(forms)))]
