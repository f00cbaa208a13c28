"""Truth and answer side by side, with what differs marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\\[A-Za-z]+\s*|[^\W\u2e80-\U000323af_]+\s*|\S\s*")
_LONG = 110
"""Characters after which a row without line breaks ends at the next space or Chinese mark."""
_ENDS = ("，", "。", "；", " ")


@dataclass(slots=True)
class Row:
    """HTML of one line of the truth and of what stands for it in the answer."""

    truth: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)


def aligned(truth: str, answer: str, longest: int = 20_000) -> list[tuple[str, str]]:
    """Pairs of HTML fragments: lines of the truth, and the answer's words that align with them.

    Words of the truth that the answer lacks are in `<del>`, those that it invents in `<ins>`; the
    alignment keeps the most words in order. Texts beyond `longest` characters are cut, and say so.
    """
    expected, given = (_TOKEN.findall(_cut(text, longest)) for text in (truth, answer))
    rows = [Row()]
    width, full = 0, False
    for tag, a, b in _steps(expected, given):
        if tag == "insert":
            rows[-1].answer.append(f"<ins>{escape(b)}</ins>")
            continue
        if full:
            rows.append(Row())
            width = 0
        row = rows[-1]
        if tag == "equal":
            row.truth.append(escape(a))
            row.answer.append(escape(b))
        else:
            row.truth.append(f"<del>{escape(a)}</del>")
        width += len(a)
        full = "\n" in a or (width > _LONG and a.endswith(_ENDS))
    pairs = (("".join(row.truth), "".join(row.answer)) for row in rows)
    return [pair for pair in pairs if any(pair)]


def _steps(truth: list[str], answer: list[str]) -> Iterator[tuple[str, str, str]]:
    """(what, word of the truth, word of the answer), in order; what is lost before what is new."""
    a, b = ([token.strip() for token in tokens] for tokens in (truth, answer))
    blocks = Indel.opcodes(a, b).as_matching_blocks()  # the last is empty, at both ends
    i = j = 0
    for block in blocks:
        yield from (("delete", word, "") for word in truth[i : block.a])
        yield from (("insert", "", word) for word in answer[j : block.b])
        i, j = block.a + block.size, block.b + block.size
        for word, other in zip(truth[block.a : i], answer[block.b : j], strict=True):
            yield "equal", word, other


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}\n[… {len(text) - longest} more characters]"
