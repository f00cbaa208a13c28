"""Whether names are times: a line may join them."""

from __future__ import annotations

import re
from collections.abc import Sequence

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
TIME = re.compile(
    r"(?:1[89]|20)\d\d(?:年|[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?"
    r"|\d{4}年?(?:第?\d季度|\d{1,2}月)"
    r"|\d{1,2}(?:月(?:\d{1,2}日)?|日|时|:\d\d|-\d{1,2})"
    r"|(?:Q[1-4]|H[12])(?:\s?\d{4})?|\d{4}\s?(?:Q[1-4]|H[12])"
    rf"|{MONTH}(?:\s\d{{1,4}})?|\d{{1,2}}\.?\s{MONTH}"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?\.?"
    r"|周[一二三四五六日]|星期[一二三四五六日]|第[一二三四]季度"
    r"|(?:week|day|round|year|month)\s\d+|第\d+[周天轮年]",
    re.IGNORECASE,
)


def are_times(names: Sequence[str]) -> bool:
    """Whether every name is a year, date, month, weekday, hour or numbered period."""
    return all(TIME.fullmatch(name.strip()) for name in names)
