"""School books: chapters with definitions in boxes, examples, formulas, exercises, margin notes."""

from __future__ import annotations

from renderers.web.art import DIAGRAMS, PHOTOS
from renderers.web.document import (
    Art,
    Block,
    DisplayFormula,
    Figure,
    Group,
    ItemList,
    ListItem,
    Span,
    TextBlock,
    text,
)
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import (
    Composition,
    a4,
    accent,
    capacity,
    header,
    line,
    running_text,
)
from vary_data.sources.web_pages.formulas import formula
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a page of a school book."""
    prose.about()
    words = phrases(prose.lang, "textbook")
    sheet = a4(prose, (10.5, 12.5))
    number = prose.whole(1, 24)
    blocks: list[Block] = []
    left = sheet.tallest - 150
    if prose.chance(0.5):
        chapter = prose.pick(words.all("chapter")).format(number)
        blocks.append(
            Group((line(chapter, look="chapter"), line(prose.heading(), "title")), "front")
        )
        left -= 110
    else:
        parts = (
            line(str(prose.whole(2, 400)), "page_number"),
            line(prose.heading(), "page_header"),
        )
        blocks.append(Group(parts, "furniture"))
    margin = prose.chance(0.35)
    width = (sheet.width - 110) * (0.72 if margin else 1)
    body = _body(prose, number, int(1.9 * capacity(prose, width, left, sheet.size)))
    flow = Group(tuple(body), "", flow=True, columns=1)
    if margin:
        notes = [line(prose.sentence(), "margin_note") for _ in range(prose.whole(2, 4))]
        main = Group((flow,), "column main")
        blocks.append(Group((main, Group(tuple(notes), "column margin")), "row grow"))
    else:
        blocks.append(flow)
    return Composition(
        tuple(blocks), sheet, ("serif", "sans", "kai"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _body(prose: Prose, chapter: int, characters: int) -> list[Block]:
    words = phrases(prose.lang, "textbook")
    blocks: list[Block] = []
    section, example = prose.whole(1, 5), prose.whole(1, 6)
    while characters > 0:
        blocks.append(header(f"{chapter}.{section} {prose.heading()}"))
        blocks += running_text(prose, prose.whole(250, 600), (2, 4))
        characters -= 450
        kind = prose.rng.random()
        if kind < 0.35:
            name = prose.pick(words.all("definition"))
            box: list[Block] = [line(name, look="box-head"), line(prose.sentence())]
            if prose.chance(0.5):
                box.append(DisplayFormula(formula(prose)))
            blocks.append(Group(tuple(box), "box"))
            characters -= 250
        elif kind < 0.6:
            lead = (Span(words["example"].format(example), "bold"), Span(f" {prose.sentence()}"))
            blocks += [TextBlock(lead), DisplayFormula(formula(prose), f"({chapter}.{example})")]
            example += 1
            characters -= 250
        elif kind < 0.8:
            art = Art(prose.pick((*DIAGRAMS, *PHOTOS)), prose.whole(0, 2**31), 0.42)
            blocks.append(Figure(art, text(prose.sentence()), "narrow"))
            characters -= 600
        else:
            blocks.append(header(prose.pick(words.all("exercises")), 2))
            tasks = [
                ListItem(f"{n}.", text(capital(prose.say("task"))))
                for n in range(1, prose.whole(3, 6))
            ]
            blocks.append(ItemList(tuple(tasks)))
            characters -= 400
        section += 1
    return blocks
