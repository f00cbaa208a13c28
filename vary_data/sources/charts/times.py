"""Whether names are times: a line may join them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from renderers.languages.registry import FIRST, language
from vary_data.sources.corpus import built_in, chart_languages

YEAR, NUMBER = r"(?:1[89]|20)\d\d", r"\d{1,2}"

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


def are_times(names: Sequence[str], lang: str = "en") -> bool:
    """Whether every name is a year, date, month, weekday, hour or numbered period, as English and
    Chinese write them or the language `lang`."""
    own = _own_times(lang)
    return all(
        TIME.fullmatch(name.strip()) or (own is not None and own.fullmatch(name.strip()))
        for name in names
    )


@cache
def _own_times(lang: str) -> re.Pattern[str] | None:
    """The names of months and weekdays and the forms of years, quarters and dates of a language;
    None for those of which `TIME` has them."""
    if lang in FIRST or lang not in chart_languages():
        return None
    phrases, dates = built_in(lang).phrases, language(lang).dates
    months = (*phrases["months"], *(dates.months if dates else ()))
    weekdays = (*phrases["weekdays"], *(dates.weekdays if dates else ()))
    fields = {
        "year": YEAR,
        "y": YEAR,
        "n": "[1-4]",
        "month": f"(?:{'|'.join(map(re.escape, months))})",
    }
    forms = [*phrases["year"], *phrases["quarter"]]
    forms += [form for name in ("day", "weeks", "months") for form in phrases[f"{name} times"]]
    patterns = [re.escape(name) for name in (*months, *weekdays)]
    patterns += [_pattern(form, fields) for form in forms]
    return re.compile("|".join(patterns), re.IGNORECASE)


def _pattern(form: str, fields: Mapping[str, str]) -> str:
    parts = re.split(r"\{(\w+)\}", form)
    return "".join(
        fields.get(part, NUMBER) if i % 2 else re.escape(part) for i, part in enumerate(parts)
    )
