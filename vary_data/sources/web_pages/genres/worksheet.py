"""Worksheets: large letters, gaps to fill, words to match, boxes to tick, pictures."""

from __future__ import annotations

import unicodedata

from renderers.web.art import PHOTOS
from renderers.web.document import (
    Art,
    Block,
    CheckBox,
    Figure,
    Form,
    Group,
    ItemList,
    ListItem,
    Pair,
    Rule,
    Table,
    text,
)
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import Composition, a4, accent, header, line
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import cell, head

GAP = "______"


def compose(prose: Prose) -> Composition:
    """Compose a worksheet."""
    words = phrases(prose.lang, "worksheet")
    title = prose.fill(prose.pick(words.all("titles")), noun=prose.noun(), n=prose.whole(1, 12))
    facts = [Pair(text(f"{fact}{words['colon']}"), ()) for fact in words.all("facts")]
    blocks: list[Block] = [Form((Group(tuple(facts), "row"),), "facts"), line(title, "title")]
    tasks = [_gaps, _match, _tick, _questions]
    order = prose.rng.permutation(len(tasks)).tolist()[: prose.whole(2, 3)]
    for number, index in enumerate(order, 1):
        blocks += tasks[index](prose, words, number)
    return Composition(
        tuple(blocks), a4(prose, (12.5, 15.0)), ("sans", "kai", "serif"), ("sans", "serif"),
        {"accent": accent(prose)},
    )  # fmt: skip


def _gaps(prose: Prose, words: Phrases, number: int) -> list[Block]:
    """Sentences in which one word is missing, and the missing words in a box."""
    items, missing = [], []
    for n in range(1, prose.whole(4, 6)):
        sentence = prose.sentence()
        word = sentence[2:4] if prose.language.wide else prose.pick(sentence.split())
        word = word.strip(",.“”?!’'\"«»„¿¡،؟।")
        if len(word) > 1 and _is_word(word):
            sentence = sentence.replace(word, GAP, 1)
            missing.append(word)
        items.append(ListItem(f"{n})", text(sentence)))
    shown: list[Block] = [header(f"{number}. {words['fill']}"), ItemList(tuple(items))]
    if missing:
        order = prose.rng.permutation(len(missing)).tolist()
        box = Group((line(" · ".join(missing[i] for i in order)),), "box")
        shown.insert(1, box)
    return shown


def _is_word(text: str) -> bool:
    """Whether a text has only letters, marks on them and digits."""
    return all(unicodedata.category(c)[0] in "LMN" for c in text)


def _match(prose: Prose, words: Phrases, number: int) -> list[Block]:
    rows = [tuple(head(h) for h in words.all("heads"))]
    for noun in prose.nouns(prose.whole(3, 5)):
        rows.append((cell(noun), cell(capital(prose.say("np"))), cell("")))
    return [header(f"{number}. {words['match']}"), Table(tuple(rows), look="grid")]


def _tick(prose: Prose, words: Phrases, number: int) -> list[Block]:
    art = Art(prose.pick(PHOTOS), prose.whole(0, 2**31), 0.6)
    boxes = tuple(CheckBox(text(noun), prose.chance(0.2)) for noun in prose.nouns(4))
    side = Group((Figure(art, look="small-picture"), Group(boxes, "column boxes")), "row")
    return [header(f"{number}. {words['tick']}"), side]


def _questions(prose: Prose, words: Phrases, number: int) -> list[Block]:
    blocks: list[Block] = [header(f"{number}. {capital(prose.say('task'))}")]
    return [*blocks, Rule("answer", prose.whole(2, 4))]
