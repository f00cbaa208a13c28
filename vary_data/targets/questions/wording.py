"""Whether another wording of a question still asks the same, as far as its text shows.

A wording keeps the names, numbers and quoted texts of the template, in an order that does not turn
the question around; it has the same directions (highest, lowest, left, sum, ...) and the nouns that
say what is asked. What a check does not understand, it refuses: then the template is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

FIRST_MASK = 0xE000
"""Names are masked by characters for private use, so that no check reads into them."""
MASK = "\ue000-\uf8ff"
CJK = "\u3400-\u9fff"
LETTER = "A-Za-z0-9\u00c0-\u024f"
"""Letters that would make a name a part of a longer word; Chinese words have no borders."""
ORDERED = ("category", "row", "other")
"""Fields whose order may decide the answer (from A to B, A higher than B)."""
MAX_GROWTH, MAX_ADDED = 2, 60
"""A wording has at most so many times the characters of the template, and so many more."""
MAX_SENTENCES = 2
MIN_ENGLISH_WORDS = 2

DIRECTIONS = {
    "en": {
        "approximate": r"approximat\w*|about|roughly|around|nearly|estimat\w*",
        "sum": r"sums?|totals?|add(?:s|ed)? up|adds?|combined|together|altogether",
        "difference": r"differ\w*|gap|apart",
        "high": r"high\w*|large\w*|great\w*|big\w*|most|max\w*|more|exceed\w*|peak\w*|above|over",
        "low": r"low|lower|lowest|small\w*|least|min|minimum|minimal|less\w*|few\w*",
        "rise": r"ris\w+|increas\w*|grow\w*|up|upwards?",
        "fall": r"fall\w*|decreas\w*|declin\w*|drop\w*|down|downwards?",
        "left": r"left\w*",
        "right": r"right\w*",
        "top": r"top\w*",
        "bottom": r"bottom\w*",
        "below": r"below|under\w*|beneath",
        "before": r"before|previous|preced\w*",
        "after": r"after|next|follow\w*",
        "not": r"not|no|never|without|except|n't|\w+n['\u2019]t",
    },
    "zh": {
        "approximate": "大约|约为|约是|大概|左右|近似|大致",
        "sum": "之和|总和|合计|相加|总计|加起来|共计",
        "difference": "相差|之差|差值|差距|差异|差多少",
        "high": "最大|最高|最多|更大|更高|更多|大于|高于|多于|超过",
        "low": "最小|最低|最少|更小|更低|更少|小于|低于|少于|不及",
        "rise": "上升|增长|增加|上涨|升高",
        "fall": "下降|减少|下跌|降低|下滑",
        "top": "最上|顶端|顶部",
        "bottom": "最下|底端|底部",
        "below": "下面|下方|之下",
        "above": "上面|上方|之上",
        "left": "左",
        "right": "右",
        "before": "之前|前面|前一",
        "after": "之后|后面|下一|接着",
        "not": "不是|没有|除了|并非|不含",
    },
}
"""Words by what they say; a wording has exactly the directions of its template. A word counts for
the first entry that has it."""
NOUNS = {
    "en": (
        r"pixels?", r"box\w*", r"headers?", r"titles?", r"captions?", r"headings?", r"sources?",
        r"colou?rs?", r"rows?", r"columns?", r"categor(?:y|ies)", r"series", r"links?", r"parts?",
        r"x[- ]axis", r"y[- ]axis", r"tables?", r"(?:how many|number of|count)",
    ),
    "zh": (
        "像素", "框", "表头", "标题", "来源", "颜色", "行", "列", "类别", "系列", "流向", "部分",
        "x轴", "y轴", "表格", "多少|几",
    ),
}  # fmt: skip
"""Nouns that a wording has if its template has them."""
ENGLISH = frozenset(
    {
        "what", "which", "how", "the", "of", "does", "do", "is", "are", "has", "can", "where",
        "many", "much", "value", "please", "tell", "give", "name", "and", "to", "by", "at", "for",
        "this", "that", "there", "with", "from", "it", "comes", "chart", "table", "page",
    }
)  # fmt: skip
"""Common words, two of which an English wording has."""
OPENING, CLOSING = "\"'“‘「『", "\"'”’」』"
_QUOTED = re.compile(f"[{OPENING}]([{MASK}])[{CLOSING}]")
_QUOTES = re.compile('["“”「」『』]')
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)|[。？！]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def wording_problem(
    template: str, wording: str, names: Mapping[str, str], lang: str, answer: str
) -> str:
    """Why a wording cannot replace the question of a template; empty if it can.

    `characters`, `length`, `sentences`, `language`, `names`, `numbers`, `quotes`, `meaning` (other
    directions or nouns, or names in another order) or `answer` (the wording tells the answer).
    """
    if re.search(f"[{MASK}]|[^\\S ]", template + wording) or not wording.isprintable():
        return "characters"
    if len(wording) > MAX_GROWTH * len(template) + MAX_ADDED:
        return "length"
    said = {field: name for field, name in names.items() if name and name in template}
    masked = [_masked(text, said.values()) for text in (template, wording)]
    ends = list(_SENTENCE_END.finditer(masked[1]))
    if not 1 <= len(ends) <= MAX_SENTENCES or ends[-1].end() != len(masked[1].rstrip()):
        return "sentences"
    if not _is_in(lang, masked[1]):
        return "language"
    if _masks(masked[0]) != _masks(masked[1]):
        return "names"
    if Counter(_NUMBER.findall(masked[0])) != Counter(_NUMBER.findall(masked[1])):
        return "numbers"
    if not _same_quotes(*masked):
        return "quotes"
    if not _same_meaning(masked[0], masked[1], lang) or _turned(template, wording, said):
        return "meaning"
    if _has(wording, answer) and not _has(template, answer):
        return "answer"
    return ""


def _masked(text: str, names: Iterable[str]) -> str:
    """The text with a character for private use for each name; equal names have the same."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    if not ordered:
        return text
    masks = {name: chr(FIRST_MASK + i) for i, name in enumerate(ordered)}
    return re.sub("|".join(map(_whole, ordered)), lambda match: masks[match[0]], text)


def _whole(name: str) -> str:
    """A pattern of the name that is not a part of a longer word or number."""
    before = f"(?<![{LETTER}])" if re.match(f"[{LETTER}]", name) else ""
    after = f"(?![{LETTER}])" if re.search(f"[{LETTER}]$", name) else ""
    return before + re.escape(name) + after


def _has(text: str, name: str) -> bool:
    return bool(name) and re.search(_whole(name.casefold()), text.casefold()) is not None


def _masks(text: str) -> set[str]:
    return set(re.findall(f"[{MASK}]", text))


def _is_in(lang: str, masked: str) -> bool:
    letters = [c for c in masked if c.isalpha() and not FIRST_MASK <= ord(c) <= 0xF8FF]
    chinese = sum(re.match(f"[{CJK}]", c) is not None for c in letters)
    if sum(c.isascii() for c in letters) + chinese < len(letters):
        return False
    if lang == "zh":
        return 2 * chinese > len(letters)
    words = set(re.findall(r"[a-z]+", masked.lower()))
    return chinese == 0 and len(words & ENGLISH) >= MIN_ENGLISH_WORDS


def _same_quotes(template: str, wording: str) -> bool:
    """Whether what is quoted in the template is so in the wording, and else only names are."""
    if not set(_QUOTED.findall(template)) <= set(_QUOTED.findall(wording)):
        return False
    return _QUOTES.search(_QUOTED.sub("", wording)) is None


def _same_meaning(template: str, wording: str, lang: str) -> bool:
    if _directions(template, lang) != _directions(wording, lang):
        return False
    return all(
        _word(noun, lang).search(wording)
        for noun in NOUNS[lang]
        if _word(noun, lang).search(template)
    )


def _directions(text: str, lang: str) -> set[str]:
    found = set()
    for direction, words in DIRECTIONS[lang].items():
        text, count = _word(words, lang).subn(" ", text)
        if count:
            found.add(direction)
    return found


def _word(words: str, lang: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b" if lang == "en" else words, re.IGNORECASE)


def _turned(template: str, wording: str, names: Mapping[str, str]) -> bool:
    """Whether the names whose order may decide the answer come in another order."""
    asked = [names[field] for field in ORDERED if field in names]
    return _order(template, asked) != _order(wording, asked)


def _order(text: str, names: list[str]) -> list[str]:
    """The names by their first places."""
    found = [(match.start(), name) for name in names if (match := re.search(_whole(name), text))]
    return [name for _, name in sorted(found)]
