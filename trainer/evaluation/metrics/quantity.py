"""The number in a printed value: "$1,234", "12%", "3.2万", "−5 °C", "1.5k"."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_MAGNITUDE = re.compile(r"\s?(万亿|百万|[千万亿]|(?:[kKMBT]|bn|mn|trn|tn)(?![A-Za-z]))")
ROUNDING = 1e-9
"""Relative error of sums of decimal fractions."""
_SCALES = {
    "k": 1e3,
    "M": 1e6,
    "mn": 1e6,
    "B": 1e9,
    "bn": 1e9,
    "T": 1e12,
    "tn": 1e12,
    "trn": 1e12,
    "千": 1e3,
    "百万": 1e6,
    "万": 1e4,
    "亿": 1e8,
    "万亿": 1e12,
}


def quantity(text: str) -> float | None:
    """The number in a printed value, with its magnitude, if there is exactly one; else None.

    Units and currencies are ignored: "12%" is 12, "106 Ml" is 106, "3.2万" is 32000. A value with
    several numbers ("10-20", "2021-03-05") or none is text. The public SCRM code deletes all
    characters except digits, dots and hyphens: "3.2万" becomes 3.2 and "1e3" becomes 13.
    """
    text = text.replace("−", "-").strip()
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    (match,) = found
    start, sign = match.start(), 1.0
    if match[0][0] not in "+-" and text.startswith("-"):
        sign = -1.0  # "-$5"
    elif match[0][0] == "-" and start and text[start - 1].isalnum():
        sign = -1.0  # "item-5": a hyphen, not a minus
    value = float(match[0].replace(",", "")) * sign
    magnitude = _MAGNITUDE.match(text, match.end())
    if magnitude:
        name = magnitude[1]
        value *= _SCALES["k" if name == "K" else name]
    return value if math.isfinite(value) else None


def relative_error(truth: float, answer: float, tolerance: float = 0.0) -> float:
    """|answer − truth| / |truth|; 0 within the absolute `tolerance`; infinity if the truth is 0."""
    if abs(answer - truth) <= tolerance * (1 + ROUNDING):
        return 0.0
    if truth == 0:
        return math.inf
    return abs(answer - truth) / abs(truth)
