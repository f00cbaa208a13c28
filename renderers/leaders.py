"""Leaders: the rows of dots between an entry of a contents page or an index and its page number."""

from __future__ import annotations

import re

_DOTS = r"(?:[.․·⋅] ?){4,}[.․·⋅]|(?:[…‥] ?){2,}[…‥]"
"""Five dots or more, or three signs of several dots: an ellipsis has fewer, in Chinese as well."""
_LEADER = re.compile(
    rf" ?(?P<mark>\*{{1,3}}|`|)(?:{_DOTS})(?P=mark) ?|(?<=[^\d\s.]) (?:\. ){{2,}}(?=\d)"
)
"""A leader with its emphasis in Markdown; fewer dots are one before a number, unless a number is
before them, too (`0 . . . 9`)."""


def has_leader(text: str) -> bool:
    """Whether there is a leader in the text."""
    return _LEADER.search(text) is not None


def without_leaders(text: str) -> str:
    """The text with a space in place of each leader; rows that were only dots are left out."""
    rows = []
    for row in text.split("\n"):
        if not has_leader(row):
            rows.append(row)
        elif rest := _LEADER.sub(" ", row).strip():
            rows.append(rest)
    return "\n".join(rows)
