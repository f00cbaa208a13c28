"""Finds a text in another one with a few wrong characters."""

from __future__ import annotations

import re
import unicodedata

_BREAK = re.compile(r"<br\s*/?>")
_TAGS = re.compile(r"</?[bi]>")
_MARKED = (re.compile(r"\*\*(.*?)\*\*"), re.compile(r"__(.*?)__"), re.compile(r"\*(.*?)\*"),
           re.compile(r"_(.*?)_"))  # fmt: skip
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("–—‑‒−", "-"),
        "＿": "_",
        "\u00b5": "\u03bc",
    }
)


def normalized(text: str) -> str:
    """A text as tests compare it: single spaces, no emphasis of Markdown, one form of quotes and
    dashes, NFC. These are the rules of olmOCR-bench."""
    text = re.sub(r"\s+", " ", _BREAK.sub(" ", text))
    text = _TAGS.sub("", text)
    for marked in _MARKED:
        text = marked.sub(r"\1", text)
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def ends(pattern: str, text: str, most: int) -> list[int]:
    """Where parts of `text` end that become `pattern` by up to `most` insertions, deletions and
    replacements of a character; the positions after their last characters.

    Myers' bit-parallel algorithm (J. ACM 46, 1999): a step for each character of the text.
    """
    if not pattern:
        return []
    if most == 0:
        return _exact(pattern, text)
    bits: dict[str, int] = {}
    for i, character in enumerate(pattern):
        bits[character] = bits.get(character, 0) | 1 << i
    mask, top = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    plus, minus, distance = mask, 0, len(pattern)
    found = []
    for position, character in enumerate(text, start=1):
        same = bits.get(character, 0)
        vertical = same | minus
        same |= ((same & plus) + plus) ^ plus
        up, down = minus | (~(same | plus) & mask), plus & same
        distance += bool(up & top) - bool(down & top)
        up, down = up << 1 & mask, down << 1 & mask
        plus = down | (~(vertical | up) & mask)
        minus = up & vertical
        if distance <= most:
            found.append(position)
    return found


def _exact(pattern: str, text: str) -> list[int]:
    found, start = [], text.find(pattern)
    while start >= 0:
        found.append(start + len(pattern))
        start = text.find(pattern, start + 1)
    return found
