"""Whether a gutter separates columns of text: evidence that is not the file's drawing order.

Two columns are compared on the rows that both have. If a gutter separates columns, the text of a
row continues in the next row of its column; if it is only a wide gap in a row, the text continues
on the other side of the gap.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from renderers.pdf.characters import Line
from renderers.pdf.continuity import NO_JOINS, Joins, joins

MIN_JOINS = 4
"""Fewest joins on each side from which the text decides."""
MIN_LEAD = 4.0
"""Nats by which one way of reading must exceed the other."""
MIN_MEAN = 0.25
"""Mean score of a join, in nats, from which rows continue each other; 0.5 is usual, rows that do
not belong together have -0.6."""
MIN_TOTAL = 3.0
MIN_WORDS = 3
MIN_HAN = 6
"""Words or Han characters of a piece of running text; table cells are often shorter."""
MIN_WORD_SHARE = 0.6
"""Share of a piece's characters that are in words in lower case."""
MAX_STEP_EM = 2.0
"""Largest distance of rows that continue each other, in font sizes."""
SAME_ROW_EM = 0.35


_WORD = re.compile(r"(?<![\w\\.@/-])[A-Za-z]?[a-z]+(?![\w\\@/(={}])")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Verdict(Enum):
    """What the text at a gutter says."""

    COLUMNS = "columns"
    ROWS = "rows"
    DOUBT = "doubt"
    """There is running text on both sides, and it fits neither way of reading clearly."""
    NOTHING = "nothing"
    """Too little running text to judge."""


@dataclass(frozen=True, slots=True)
class GutterEvidence:
    """How well the text continues across a gutter and within the columns beside it."""

    across: Joins
    down: Joins

    @property
    def verdict(self) -> Verdict:
        """How the text beside the gutter is read, if the evidence is clear."""
        if min(self.across.count, self.down.count) < MIN_JOINS:
            return Verdict.NOTHING
        lead = self.down.total - self.across.total
        if lead >= MIN_LEAD and _continues(self.down):
            return Verdict.COLUMNS
        if lead <= -MIN_LEAD and _continues(self.across):
            return Verdict.ROWS
        return Verdict.DOUBT


def _continues(evidence: Joins) -> bool:
    return evidence.mean >= MIN_MEAN and evidence.total >= MIN_TOTAL


def gutter_evidence(
    lines: Sequence[Line], left: Sequence[int], right: Sequence[int], em: float
) -> GutterEvidence:
    """Compare the pieces of two neighboring columns; `em` is the usual font size in points."""
    # Most gutters of a page are those of tables. A row is next to two rows at most.
    if not (_has_running(lines, left, MIN_JOINS) and _has_running(lines, right, MIN_JOINS // 2)):
        return GutterEvidence(NO_JOINS, NO_JOINS)
    before, after = _rows(lines, left, em), _rows(lines, right, em)
    across, down = [], []
    start = 0
    partners: list[tuple[int, int]] = []
    for number, row in enumerate(before):
        while start < len(after) and after[start][0] < row[0] - SAME_ROW_EM * em:
            start += 1
        if start < len(after) and after[start][0] <= row[0] + SAME_ROW_EM * em:
            partners.append((number, start))
    for number, other in partners:
        a, b = before[number], after[other]
        if not (is_running(a[2]) and is_running(b[1])):
            continue
        across.append((a[2], b[1]))
        for column, index in ((before, number), (after, other)):
            if index + 1 < len(column):
                row, following = column[index], column[index + 1]
                if following[0] - row[0] <= MAX_STEP_EM * em:
                    down.append((row[2], following[1]))
    # Both ways have one join for each row, so that their sums can be compared.
    found = joins(down)
    if found.count > len(across):
        found = Joins(len(across), found.mean * len(across))
    return GutterEvidence(joins(across), found)


def _has_running(lines: Sequence[Line], index: Sequence[int], count: int) -> bool:
    """Whether at least `count` of the pieces are running text."""
    for i in index:
        if is_running(lines[i].text):
            count -= 1
            if not count:
                return True
    return False


def _rows(lines: Sequence[Line], index: Sequence[int], em: float) -> list[tuple[float, str, str]]:
    """Base line, first and last piece of each row of a column, from top to bottom."""
    groups: list[list[Line]] = []
    reach = -math.inf
    for baseline, i in sorted([(lines[i].baseline, i) for i in index]):
        if baseline - reach > SAME_ROW_EM * em:
            groups.append([lines[i]])
        else:
            groups[-1].append(lines[i])
        reach = baseline
    found = []
    for group in groups:
        first = last = group[0]
        for line in group[1:]:
            first = line if line.box[0] < first.box[0] else first
            last = line if line.box[2] > last.box[2] else last
        found.append((first.baseline, first.text, last.text))
    return found


@lru_cache(4096)
def is_running(text: str) -> bool:
    """Whether a piece is part of a sentence: several words, not code, numbers or a name.

    A row of a page is judged several times: at each gutter, and as a row of its paragraph.
    """
    if not text.isascii() and len(_HAN.findall(text)) >= MIN_HAN:
        return True
    words = _WORD.findall(text)
    return len(words) >= MIN_WORDS and sum(map(len, words)) > MIN_WORD_SHARE * len(text)
