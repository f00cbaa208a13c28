"""What all documents of one call are made from: corpus, program code, fonts, pictures."""

from __future__ import annotations

import argparse
import json
import lzma
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pymupdf

from benchmarks.page_styles import Family, pictures
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.sheet import Face
from benchmarks.styled_pages.text import (
    HAN,
    HELD_OUT,
    STRETCH,
    TYPOGRAPHIC,
    Corpus,
    changed,
    cut_stretches,
    mixed,
    take,
    typographic,
)

TEX_TIMES = 4
PLACED_TEXT = {"en": 9_000, "zh": 3_500}
"""Characters of text that a placed document takes its sentences from."""
LATIN_RUN = re.compile(r"[!-~\u00a1-\u024f]+(?: [!-~\u00a1-\u024f]+)*")


@dataclass(frozen=True)
class Source:
    """`code` are pieces of programs; `kinds` are the shares of kinds of text, `placed` the share of
    documents with placed layouts."""

    corpus: Corpus
    code: list[str]
    families: list[Family]
    fonts: Path
    archive: pymupdf.Archive
    kinds: dict[str, float]
    placed: float
    seed: int
    out: Path
    faces: dict[str, Face] = field(default_factory=dict)
    """Opened so far in this process."""

    def face(self, file: str) -> Face:
        if file not in self.faces:
            self.faces[file] = Face(self.fonts / file)
        return self.faces[file]


def open_source(arguments: argparse.Namespace) -> Source:
    """Read the corpus of a split, the fonts and the pictures."""
    archive = pymupdf.Archive(str(arguments.fonts))
    for name, data in pictures():
        archive.add((data, name))
    shares = dict(part.split("=") for part in arguments.kinds.split(","))
    fonts = json.loads((arguments.fonts / "fonts.json").read_text())
    return Source(
        corpus=open_corpus(arguments.corpus, arguments.lang, arguments.split),
        code=open_code(arguments.corpus, arguments.split),
        families=[Family(**family) for family in fonts],
        fonts=arguments.fonts,
        archive=archive,
        kinds={kind: float(share) for kind, share in shares.items()},
        placed=arguments.placed,
        seed=arguments.seed,
        out=arguments.out,
    )


def open_corpus(folder: Path, lang: str, split: str) -> Corpus:
    with lzma.open(folder / f"{lang}.xz", "rt", encoding="utf-8") as file:
        paragraphs = [(tag, text) for _, tag, text in map(json.loads, file)]
    stretches = list(cut_stretches(paragraphs, STRETCH[lang], split))
    joined = " ".join(text for stretch in stretches for _, text in stretch)
    if lang == "en":
        return Corpus(lang, stretches, sorted(set(joined.split())), [])
    latin = sorted({w for run in LATIN_RUN.findall(joined) for w in run.split() if len(w) < 15})
    codes = (bytes((a, b)) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF))
    words = [c for code in codes for c in code.decode("gb2312", "ignore")]
    return Corpus(lang, stretches, words, latin)


def open_code(folder: Path, split: str) -> list[str]:
    """The pieces of program code of a split; those of TeX several times, as manuals show them
    most."""
    with lzma.open(folder / "code.xz", "rt", encoding="utf-8") as file:
        lines = list(map(json.loads, file))
    pieces = [text for package, _, text in lines]
    pieces += TEX_TIMES * [text for package, _, text in lines if package.startswith("texlive")]
    held_out = split == "validation"
    return [p for i, p in enumerate(pieces) if (i // 20 % HELD_OUT == HELD_OUT // 2) == held_out]


def open_content(
    source: Source, text_rng: np.random.Generator, rng: np.random.Generator
) -> Content:
    """The content of a placed document; `text_rng` chooses its text, `rng` is the content's."""
    corpus, lang = source.corpus, source.corpus.lang
    kind = str(text_rng.choice(list(source.kinds), p=list(source.kinds.values())))
    stretch = corpus.stretches[int(text_rng.integers(len(corpus.stretches)))]
    text = changed(
        list(take(stretch, float(text_rng.random()), PLACED_TEXT[lang])), kind, corpus, text_rng
    )
    if lang == "en" and text_rng.random() < TYPOGRAPHIC:
        text = typographic(text, text_rng)
    if lang == "zh":
        text = mixed(text, corpus.latin, float(text_rng.choice((0.0, 0.02, 0.06))), text_rng)
    words = [w for _, t in text for w in (t.split() if lang == "en" else HAN.findall(t))]
    return Content(lang, rng, deque(text), words or ["text"], source.code)
