"""How well one row of text continues another, by a small statistic of English and Chinese.

The score of a join is `ln P(next | last) - ln P(next)`, in nats, of the last word of a row and the
first of the next one. English words are counted in classes: frequent words on their own, others by
their ending and capitals, and any word before a mark as this mark. Chinese is counted by
characters. Rows of a text that are read one after the other score about +0.7 on average, rows
that do not belong together about -0.5. `scripts/write_row_joins.py` counts the joins.

A text may differ from those that were counted: old novels and classical Chinese score lower, also
within their rows. So the rows of a page are compared with its own words (`broken_rows`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

SCORES = Path(__file__).with_name("row_joins.json")

STEP = 0.2
"""Nats between two letters of the stored scores."""
ZERO = ord("m")
"""The letter of score 0."""

ENDINGS = (
    "ing", "tion", "ed", "ly", "ity", "ment", "ness", "able", "ive", "al", "er", "ous", "est",
    "ic", "ss", "s", "e", "y",
)  # fmt: skip
"""Endings by which rarer words are grouped; the first that fits."""
_END_MARKS = {
    **dict.fromkeys(".!?", "."),
    **dict.fromkeys(",;", ","),
    ":": ":",
    **dict.fromkeys(")]}", ")"),
}
_HAN = re.compile(r"[\u3005\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
_WIDE_MARK = re.compile(r"[\u3000-\u303f\uff00-\uffef“”‘’…—·《》]")
MAX_WORD = 24
"""Characters at the end of a row that are looked at; of a Chinese row the last one decides."""
_NO_WORDS = ("1", "#")
"""Classes of numbers and signs: they follow each other in tables, too."""
_QUOTES = "\"'“”‘’*"
_TOKEN = re.compile(f"{_HAN.pattern}|(?:(?!{_HAN.pattern})\\S)+")
MIN_INSIDE = 20
"""Joins inside of rows from which they show how a text usually scores."""
_MIN_DEVIATION = 0.3
_MAX_CONTINUED = 2.0
"""Score of a row that starts in lower case after a hyphen."""


@dataclass(frozen=True, slots=True)
class Joins:
    """The evidence of several joins: their number, and the sums of their scores in nats and of
    the squares of these."""

    count: int
    total: float
    squares: float = 0.0

    @property
    def mean(self) -> float:
        """The mean score in nats; 0 without joins."""
        return self.total / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation of a score."""
        variance = self.squares / self.count - self.mean**2 if self.count else 0.0
        return max(math.sqrt(max(variance, 0.0)), _MIN_DEVIATION)


NO_JOINS = Joins(0, 0.0)


@dataclass(frozen=True, slots=True)
class _Tables:
    left: dict[str, int]
    right: dict[str, int]
    english: tuple[tuple[float, ...], ...]
    chinese: dict[str, dict[str, float]]
    chinese_unknown: float


def joins(pairs: Iterable[tuple[str, str]]) -> Joins:
    """The evidence of rows: `(row, next row)` each. Equal joins count once: a form letter or a
    repeated heading is no further evidence."""
    ends = {
        (before[before.rfind(" ") + 1 :][-MAX_WORD:], after.partition(" ")[0][:MAX_WORD]): None
        for before, after in pairs
    }
    scores = [score for before, after in ends if (score := join_score(before, after)) is not None]
    return Joins(len(scores), sum(scores), sum(score * score for score in scores))


def broken_rows(rows: Joins, texts: Sequence[str]) -> float | None:
    """How much likelier the joins of rows are if they do not belong together, as a logarithm.

    `texts` are the rows. Rows that continue each other score like the words inside of them, others
    like these words in another order; both sums are taken as normally distributed. None if the
    rows have too few words, or the statistic does not tell their order from another one.
    """
    tokens = [token for text in texts for token in _TOKEN.findall(text)]
    apart = len(tokens) // 2
    inside = joins(pair for text in texts for pair in pairwise(_TOKEN.findall(text)))
    random = joins(zip(tokens, tokens[apart:] + tokens[:apart], strict=True))
    if min(inside.count, random.count) < MIN_INSIDE or inside.mean <= random.mean:
        return None
    return _likelihood(rows, random) - _likelihood(rows, inside)


def _likelihood(rows: Joins, usual: Joins) -> float:
    """The logarithm of the density of a sum of scores, up to a constant for each number of rows."""
    error = (rows.total - rows.count * usual.mean) / usual.deviation
    return -0.5 * error * error / rows.count - math.log(usual.deviation)


def row_joins(texts: Sequence[str]) -> Joins:
    """The evidence of rows that follow each other."""
    return joins(pairwise(texts))


def join_score(before: str, after: str) -> float | None:
    """The score of one join in nats; None if either side has nothing to judge."""
    if not before or not after:
        return None
    tables = _tables()
    last, first = before[-1], after[0]
    if _HAN.match(last) or _HAN.match(first):
        if not (_HAN.match(last) and _HAN.match(first)):
            return None
        return tables.chinese.get(last, {}).get(first, tables.chinese_unknown)
    if _WIDE_MARK.match(last) or _WIDE_MARK.match(first):
        return None
    if last == "-" and len(before) > 1 and before[-2].isalpha():
        if not first.islower():
            return 0.0
        whole = right_class(after) in _words()  # a frequent word: not the rest of one
        return 0.0 if whole else _MAX_CONTINUED
    ending, beginning = left_class(before), right_class(after)
    if ending in _NO_WORDS or beginning in _NO_WORDS:
        return None
    left, right = tables.left.get(ending), tables.right.get(beginning)
    if left is None or right is None:
        return None
    return tables.english[left][right]


def left_class(text: str) -> str:
    """The class of the last word of `text`."""
    word = text[text.rfind(" ") + 1 :].rstrip(_QUOTES)
    if not word:
        return "#"
    mark = _END_MARKS.get(word[-1])
    return mark or word_class(word.lstrip("([" + _QUOTES))


def right_class(text: str) -> str:
    """The class of the first word of `text`."""
    word, _, _ = text.partition(" ")
    word = word.lstrip(_QUOTES)
    if not word:
        return "#"
    if word[0] in "([":
        return "("
    return word_class(word.rstrip(".,;:!?)]" + _QUOTES))


def is_frequent(word: str) -> bool:
    """Whether a word in lower case is one of the frequent English words, counted on their own."""
    return word in _words()


def word_class(word: str) -> str:
    """A frequent word itself, `^` before it if it is capitalized; or the group of a rarer one."""
    if not word:
        return "#"
    lower = word.lower()
    known = lower in _words()
    if word[0].isdigit():
        return "1"
    if not word[0].isalpha():
        return "#"
    if word[0].isupper():
        if known and (len(word) == 1 or not word.isupper()):
            return "^" + lower
        return "^A" if word.isupper() and len(word) > 1 else "^a"
    if known:
        return lower
    if not word.isalpha():
        return "x-"
    return next(("-" + ending for ending in ENDINGS if lower.endswith(ending)), "-")


@cache
def _stored() -> dict[str, dict[str, object]]:
    return json.loads(SCORES.read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _words() -> frozenset[str]:
    return frozenset(str(_stored()["en"]["words"]).split())


@cache
def _tables() -> _Tables:
    english, chinese = _stored()["en"], _stored()["zh"]
    rows: list[str] = english["scores"]  # type: ignore[assignment]
    followers: dict[str, str] = chinese["scores"]  # type: ignore[assignment]
    return _Tables(
        left={name: i for i, name in enumerate(str(english["left"]).split())},
        right={name: i for i, name in enumerate(str(english["right"]).split())},
        english=tuple(tuple((ord(c) - ZERO) * STEP for c in row) for row in rows),
        chinese={
            first: {c: (ord(score) - ZERO) * STEP for c, score in zip(s[::2], s[1::2], strict=True)}
            for first, s in followers.items()
        },
        chinese_unknown=float(chinese["unknown"]),  # type: ignore[arg-type]
    )
