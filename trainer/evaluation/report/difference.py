"""Aligns truth and answer side by side, with differences marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\\[A-Za-z]+\s*|[^\W\u2e80-\U000323af_]+\s*|\S\s*")
_ROW_CHARACTERS = 110
"""A longer row without a line break ends at the next space or Chinese punctuation mark."""
_ROW_ENDS = ("，", "。", "；", " ")


@dataclass(slots=True)
class AlignedRow:
    """HTML of one line of the truth and of the words of the answer aligned with it."""

    truth: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)


def aligned(truth: str, answer: str, longest: int = 20_000) -> list[tuple[str, str]]:
    """Pairs of HTML fragments: lines of the truth, and the answer's words that align with them.

    Words of the truth that the answer lacks are in `<del>`, those that only the answer has in
    `<ins>`; the alignment keeps the most words in order. Texts are truncated after `longest`
    characters, with a note.
    """
    expected, read = (_TOKEN.findall(_truncated(text, longest)) for text in (truth, answer))
    rows = [AlignedRow()]
    width, full = 0, False
    for tag, a, b in _edits(expected, read):
        if tag == "insert":
            rows[-1].answer.append(f"<ins>{escape(b)}</ins>")
            continue
        if full:
            rows.append(AlignedRow())
            width = 0
        row = rows[-1]
        if tag == "equal":
            row.truth.append(escape(a))
            row.answer.append(escape(b))
        else:
            row.truth.append(f"<del>{escape(a)}</del>")
        width += len(a)
        full = "\n" in a or (width > _ROW_CHARACTERS and a.endswith(_ROW_ENDS))
    pairs = (("".join(row.truth), "".join(row.answer)) for row in rows)
    return [pair for pair in pairs if any(pair)]


def _edits(truth: list[str], answer: list[str]) -> Iterator[tuple[str, str, str]]:
    """(edit, word of the truth, word of the answer), in order; deletions before insertions."""
    a, b = ([token.strip() for token in tokens] for tokens in (truth, answer))
    blocks = Indel.opcodes(a, b).as_matching_blocks()  # the last is empty, at both ends
    i = j = 0
    for block in blocks:
        yield from (("delete", word, "") for word in truth[i : block.a])
        yield from (("insert", "", word) for word in answer[j : block.b])
        i, j = block.a + block.size, block.b + block.size
        for word, other in zip(truth[block.a : i], answer[block.b : j], strict=True):
            yield "equal", word, other


def _truncated(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}\n[… {len(text) - longest} more characters]"
