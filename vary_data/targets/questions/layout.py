"""Questions about the layout of a page: what is in a box, where is a text, which heading follows.

Boxes are `[x0, y0, x1, y1]` in pixels of the picture.
"""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import numpy as np

from vary_data.targets.pages.layout import pixels
from vary_data.targets.pages.page import Page
from vary_data.targets.questions.layout_facts import MAX_ASKED, MAX_NAMED, NAMED, LayoutFacts
from vary_data.targets.questions.program import Raw, call
from vary_data.targets.questions.question import Question, asked, several

T = TypeVar("T")

PHRASES = {
    "en": {
        "text_in": "What is the text in the box {box}?",
        "where": 'Where is the text "{text}"? Give its box in pixels.',
        "nth": "What is the {ordinal} heading of the page?",
        "count": "How many {whats} does the page have?",
        "after": 'Which heading comes after "{text}"?',
        "caption_of": "What is the caption of the {ordinal} table?",
    },
    "zh": {
        "text_in": "方框{box}中的文字是什么？",
        "where": "“{text}”在什么位置？请给出像素坐标框。",
        "nth": "本页第{number}个标题是什么？",
        "count": "本页共有多少个{what}？",
        "after": "“{text}”之后的标题是什么？",
        "caption_of": "第{number}个表格的标题是什么？",
    },
}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
WORDS_ZH = {
    "heading": "标题", "table": "表格", "figure": "插图", "formula": "独立公式",
    "list item": "列表项", "caption": "图表说明",
}  # fmt: skip
DIFFICULTY = {"text_in": 1, "where": 2, "nth": 2, "count": 2, "after": 2, "caption_of": 2}


def layout_questions(page: Page, rng: np.random.Generator, count: int) -> list[Question]:
    """Up to `count` questions of different kinds about a page, in random order."""
    facts = LayoutFacts(page)
    lang = facts.page.lang

    def question(kind: str) -> Question | None:
        made = _program(facts, kind, rng)
        phrase = PHRASES[lang][kind]
        return asked(kind, made, facts.functions, phrase, lang, DIFFICULTY[kind])

    return several({kind: partial(question, kind) for kind in PHRASES["en"]}, rng, count)


def _program(
    facts: LayoutFacts, kind: str, rng: np.random.Generator
) -> tuple[Raw, dict[str, object]] | None:
    page = facts.page
    match kind:
        case "count":
            known = [what for what in NAMED if facts.of(what)]
            what = _pick(rng, known)
            if what is None:
                return None
            return call("count", what), {"whats": f"{what}s", "what": WORDS_ZH[what]}
        case "nth":
            asked = [b for b in facts.of("heading")[: len(ORDINALS)] if b in facts.texts]
            block = _pick(rng, asked)
            if block is None:
                return None
            return _counted("nth", facts.of("heading").index(block) + 1, "heading")
        case "caption_of":
            tables = facts.of("table")[: len(ORDINALS)]
            if not tables:
                return None
            return _counted("caption_of", int(rng.integers(len(tables))) + 1, "")
        case "after":
            headings = [b for b in facts.of("heading")[:-1] if b in facts.texts]
            block = _pick(rng, headings)
            return None if block is None else (call("after", block.text), {"text": block.text})
    longest = MAX_ASKED if kind == "text_in" else MAX_NAMED
    block = _pick(rng, [block for block in facts.texts if len(block.text) <= longest])
    if block is None:
        return None
    box = pixels(block, page)
    if kind == "text_in":
        return call("text_in", *box), {"box": box}
    return call("where", block.text), {"text": block.text}


def _counted(function: str, number: int, what: str) -> tuple[Raw, dict[str, object]]:
    arguments = (what, number) if what else (number,)
    names: dict[str, object] = {"ordinal": ORDINALS[number - 1], "number": number}
    return call(function, *arguments), names


def _pick(rng: np.random.Generator, items: list[T]) -> T | None:
    return items[int(rng.integers(len(items)))] if items else None
