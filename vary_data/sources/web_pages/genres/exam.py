"""Examination papers: questions with options, statements to tick, lines for answers, points."""

from __future__ import annotations

from renderers.web.document import (
    Block,
    CheckBox,
    DisplayFormula,
    Form,
    Group,
    ItemList,
    ListItem,
    Pair,
    Rule,
    text,
)
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import Composition, a4, header, line
from vary_data.sources.web_pages.formulas import formula
from vary_data.sources.web_pages.phrases import Phrases, phrases


def compose(prose: Prose) -> Composition:
    """Compose a page of an examination paper."""
    words = phrases(prose.lang, "exam")
    sheet = a4(prose, (10.0, 12.0))
    title = prose.fill(prose.pick(words.all("titles")), noun=prose.noun(), n=prose.whole(1, 3))
    colon = words["colon"]
    facts = [Pair(text(f"{fact}{colon}"), ()) for fact in words.all("facts")]
    rules = prose.pick(words.all("rules")).format(prose.pick((45, 60, 90, 120, 150)))
    blocks: list[Block] = [
        line(title, "title"),
        Form((Group(tuple(facts), "row"),), "facts"),
        line(rules, look="rules"),
    ]
    pattern = prose.pick(words.all("points"))
    left = sheet.tallest - 190
    question, part = 1, 0
    while left > 90 and part < 5:
        kind = prose.pick((_choices, _open_questions, _statements))
        points = pattern.format(prose.pick((5, 10, 12, 15, 20, 25)))
        name = words["part"].format(words.all("numerals")[part])
        made, height = kind(prose, words, question, left / sheet.size)
        if made:
            blocks += [header(f"{name} {points}"), *made]
            part += 1
        question += len(made)
        left -= height * sheet.size + 30
    foot = Group((line(str(prose.whole(1, 8)), "page_number"),), "furniture below middle")
    return Composition((*blocks, foot), sheet, ("serif", "sans"), ("serif", "sans"))


def _choices(prose: Prose, words: Phrases, first: int, room: float) -> tuple[list[Block], float]:
    """Questions with four options; `room` and the height that is used are in sizes of the text."""
    blocks: list[Block] = []
    count = min(prose.whole(2, 5), int(room / 6))
    for number in range(first, first + count):
        stem = ListItem(f"{number}.", text(capital(prose.say("question"))))
        options = [
            line(f"{mark}. {name}", look="option")
            for mark, name in zip(words.all("options"), prose.nouns(4), strict=True)
        ]
        blocks.append(Group((ItemList((stem,)), Group(tuple(options), "options")), "question"))
    return blocks, count * 5.2


def _open_questions(
    prose: Prose, words: Phrases, first: int, room: float
) -> tuple[list[Block], float]:
    blocks: list[Block] = []
    used = 0.0
    for number in range(first, first + prose.whole(1, 3)):
        lines = prose.whole(2, 4)
        if used + 3 + 1.7 * lines > room - 4:
            break
        stem = ListItem(f"{number}.", text(capital(prose.say("task"))))
        parts: list[Block] = [ItemList((stem,))]
        if prose.chance(0.3):
            parts.append(DisplayFormula(formula(prose)))
            used += 4
        parts.append(Rule("answer", lines))
        blocks.append(Group(tuple(parts), "question"))
        used += 3.2 + 1.7 * lines
    return blocks, used


def _statements(prose: Prose, words: Phrases, first: int, room: float) -> tuple[list[Block], float]:
    blocks: list[Block] = []
    count = min(prose.whole(2, 4), int(room / 4))
    for number in range(first, first + count):
        statement = ItemList((ListItem(f"{number}.", text(prose.sentence())),))
        boxes = tuple(CheckBox(text(answer)) for answer in words.all("true_false"))
        blocks.append(Group((statement, Group(boxes, "checks")), "question"))
    return blocks, count * 3.6
