"""Words that are broken at the ends of rows, and compounds that have their hyphen there by chance.

The picture does not tell the two apart. A hyphen belongs to the word if the page has the compound
elsewhere, if the compound has several hyphens, if it begins or ends with a part that is written
with one, or if both parts are words of the page or frequent words and the whole is none. Nothing is
joined after `pre-` in `pre- and post-war`, nor in addresses and names of files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from renderers.pdf.blocks import Block
from renderers.pdf.continuity import is_frequent
from renderers.pdf.paragraphs import is_suspended
from renderers.pdf.rows import TextRow
from renderers.roles import CODE

MIN_PART = 3
"""Letters of a part that counts as a word because the page has it elsewhere."""
MIN_LEFT = 2
"""Letters that a broken word has before its hyphen."""
_PREFIXES = frozenset(("self", "ex", "non", "quasi", "half", "cross", "well", "all"))
_CLOSED_PREFIXES = frozenset(("back", "fore", "out", "over", "under", "up", "with"))
"""Words that begin others without a hyphen: `under-` and `stood`."""
_SUFFIXES = frozenset(
    {"aware", "based", "dependent", "driven", "friendly", "like", "only", "oriented", "party"}
    | {"related", "speaking", "specific", "style"}
    | {"by", "down", "in", "of", "off", "on", "out", "the", "to", "up"}
)
"""Words that follow a hyphen at the end of compounds, or inside of them (`mother-in-law`)."""
_ADDRESS = re.compile(r"[/\\@_=~]|[.:]\w")
"""What addresses, options and names of files have, and words do not."""
_END = re.compile(r"(?<![\w-])((?:[^\W\d_]+-)*[^\W\d_]+)-$")
_START = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")


def with_broken_words(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with `broken` set for the rows that end within a word."""
    texts = [row.text for block in blocks for row in block.rows]
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    return [_marked(block, words) for block in blocks]


def _marked(block: Block, words: set[str]) -> Block:
    if block.table is not None or block.role == CODE or len(block.rows) < 2:
        return block
    found = [_is_broken(before, after, words) for before, after in pairwise(block.rows)]
    if not any(found):
        return block
    rows = [
        replace(row, broken=True) if broken else row
        for row, broken in zip(block.rows, [*found, False], strict=True)
    ]
    return replace(block, rows=tuple(rows))


def _is_broken(before: TextRow, after: TextRow, words: set[str]) -> bool:
    end, start = _END.search(before.text), _START.match(after.text)
    if end is None or start is None or not after.text[0].islower():
        return False
    if _ADDRESS.search(before.text.split()[-1]) or _ADDRESS.search(after.text.split()[0]):
        return False
    left, right = end.group(1).lower(), start.group().lower()
    whole = left + right
    if whole in words or is_frequent(whole):
        return True
    if f"{left}-{right}" in words or "-" in left or left in _PREFIXES:
        return False
    if is_suspended(before.text, after.text) or right.partition("-")[0] in _SUFFIXES:
        return False
    if len(left) < MIN_LEFT or not end.group(1)[1:].islower():
        return False  # `e-mail`, `XML-based`
    return left in _CLOSED_PREFIXES or not (_is_word(left, words) and _is_word(right, words))


def _is_word(part: str, words: set[str]) -> bool:
    return is_frequent(part) or (len(part) >= MIN_PART and part in words)
