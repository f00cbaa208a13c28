"""Which sentences of a user's corpus can stand on a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from renderers import fonts
from renderers.languages.registry import language
from vary_data.sources.corpus import LeftOut
from vary_data.sources.corpus_words import covered, described

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
"""Bidirectional classes of letters and digits that run against the lines of a page."""


def drawable_sentences(
    sentences: Sequence[str], families: Sequence[fonts.Family], lang: str
) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """The sentences that run in the direction of the language and that one of the families can
    write, and why others are left out.

    A single other sentence would cost each page that it is on.
    """
    if not families:
        return tuple(sentences), ()
    leftward = language(lang).direction == "rtl"
    kept = [s for s in sentences if leftward or not _runs_left(s)]
    left_out = []
    if len(kept) < len(sentences):
        left_out.append(LeftOut("right-to-left", f"{len(sentences) - len(kept)} sentences"))
    kept, missing = covered(kept, families)
    left_out += [
        LeftOut("no-font", f"{described(text)}: {n} sentences")
        for text, n in sorted(missing.items())
    ]
    return tuple(kept), tuple(left_out)


def _runs_left(sentence: str) -> bool:
    return not sentence.isascii() and any(
        unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in sentence
    )
