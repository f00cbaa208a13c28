"""Articles of journals and preprints: title, authors, abstract, sections, formulas, tables."""

from __future__ import annotations

from renderers.web.art import DIAGRAMS
from renderers.web.document import (
    Art,
    Block,
    DisplayFormula,
    Figure,
    Group,
    Inline,
    InlineFormula,
    ItemList,
    ListItem,
    Span,
    TextBlock,
    text,
)
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import (
    Composition,
    a4,
    capacity,
    header,
    length,
    line,
    running_text,
)
from vary_data.sources.web_pages.formulas import formula, small_formula
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import data_table


def compose(prose: Prose) -> Composition:
    """The first page of an article, or one of its inside."""
    prose.about()
    sheet = a4(prose, (9.0, 11.0))
    columns = prose.pick((1, 2, 2, 2))
    first = prose.chance(0.55)
    blocks: list[Block] = [_head(prose, first)]
    if first:
        blocks.append(_front(prose))
    width, height = sheet.width - 100, sheet.tallest - (300 if first else 130)
    body = _body(prose, int(1.5 * capacity(prose, width, height, sheet.size)), width / columns)
    blocks.append(Group(tuple(body), "", flow=True, columns=columns))
    number = Group((line(str(prose.whole(1, 400)), "page_number"),), "furniture below middle")
    blocks.append(number)
    variables = {"margin-x": f"{prose.rng.uniform(3.4, 5):.1f}rem"}
    looks = ("academic.journal",) if columns > 1 else ()
    return Composition(tuple(blocks), sheet, ("serif",), ("serif", "sans"), variables, looks=looks)


def _head(prose: Prose, first: bool) -> Group:
    words = phrases(prose.lang, "academic")
    left = prose.fill(prose.pick(words.all("journal")), prose.noun())
    right = prose.person()
    if first or prose.chance(0.5):
        right = words["volume"].format(prose.whole(1, 90), prose.whole(1, 12))
    return Group((line(left, "page_header"), line(right, "page_header")), "furniture")


def _front(prose: Prose) -> Group:
    words = phrases(prose.lang, "academic")
    title = f"{prose.heading()}{words['title_colon']}{prose.heading()}"
    homes = prose.whole(1, 2)
    blocks: list[Block] = [
        line(title, "title"),
        TextBlock(_authors(prose, words, homes), "author"),
    ]
    for number in range(1, homes + 1):
        place = prose.pick(prose.corpus.words["place"])
        home = prose.fill(words["home"], noun=prose.noun(), place=place)
        blocks.append(TextBlock((Span(str(number), "sup"), Span(f" {home}")), "affiliation"))
    if prose.chance(0.6):
        blocks.append(line(prose.date(), "date", "affiliation"))
    abstract = (Span(words["abstract"], "bold"), Span(prose.paragraph(4, 7)))
    keys = words["between"].join(prose.nouns(prose.whole(3, 5)))
    blocks.append(TextBlock(abstract, "abstract"))
    blocks.append(TextBlock((Span(words["keywords"], "bold"), Span(keys)), "keywords"))
    return Group(tuple(blocks), "front")


def _authors(prose: Prose, words: Phrases, homes: int) -> tuple[Inline, ...]:
    """At least one author of each of the places of work, which are numbered from 1 on."""
    names: list[Inline] = []
    for i in range(prose.whole(homes, 4)):
        if i:
            names.append(Span(words["comma"]))
        number = i + 1 if i < homes else prose.whole(1, homes)
        names += [Span(prose.person()), Span(str(number), "sup")]
    return tuple(names)


def _body(prose: Prose, characters: int, width: float) -> list[Block]:
    words = phrases(prose.lang, "academic")
    blocks: list[Block] = []
    section, figures, tables, tag = prose.whole(1, 4), prose.whole(1, 5), 1, prose.whole(1, 20)
    while characters > 0:
        blocks.append(header(f"{section} {prose.heading()}"))
        for part in range(prose.whole(1, 3)):
            if part and prose.chance(0.5):
                blocks.append(header(f"{section}.{part} {prose.heading()}", 2))
            paragraphs = running_text(
                prose, prose.whole(350, 900) // (2 if prose.language.wide else 1)
            )
            blocks += [_with_formula(prose, b) for b in paragraphs]
            characters -= sum(length(b) for b in paragraphs)
            kind = prose.rng.random()
            if kind < 0.3:
                blocks.append(
                    DisplayFormula(formula(prose), f"({tag})" if prose.chance(0.7) else "")
                )
                meaning = words["where"].split("{}")
                blocks.append(
                    TextBlock((Span(meaning[0]), InlineFormula(small_formula(prose)),
                               Span(meaning[1] + prose.say("noun_plain") + meaning[2])))
                )  # fmt: skip
                tag += 1
                characters -= 150
            elif kind < 0.48:
                caption = (
                    Span(words["figure"].format(figures) + " ", "bold"),
                    Span(prose.sentence()),
                )
                art = Art(
                    prose.pick(DIAGRAMS), prose.whole(0, 2**31), prose.rng.uniform(0.45, 0.75)
                )
                blocks.append(Figure(art, caption))
                figures += 1
                characters -= 500
            elif kind < 0.64:
                caption = (
                    Span(words["table"].format(tables) + " ", "bold"),
                    Span(prose.sentence()),
                )
                blocks.append(data_table(prose, width, "booktabs", caption))
                tables += 1
                characters -= 400
            elif kind < 0.72:
                items = [
                    ListItem(f"({n})", text(prose.sentence())) for n in range(1, prose.whole(3, 5))
                ]
                blocks.append(ItemList(tuple(items)))
                characters -= 300
        section += 1
    if prose.chance(0.25):
        blocks[len(blocks) // 3 :] = _references(prose, characters=max(600, len(blocks) * 60))
    return blocks


def _with_formula(prose: Prose, block: TextBlock) -> TextBlock:
    """The paragraph, now and then with a formula between two of its words."""
    last = block.content[-1]
    if not (
        prose.chance(0.25) and isinstance(last, Span) and not last.style and len(last.text) > 40
    ):
        return block
    wide = prose.language.wide
    at = len(last.text) // 2 if wide else last.text.rfind(" ", 0, len(last.text) // 2)
    if at < 1 or (wide and not last.text[at - 1 : at + 1].isalpha()):
        return block
    front, back = last.text[:at], last.text[at:]
    parts = (Span(front + " "), InlineFormula(small_formula(prose)), Span(" " + back.lstrip()))
    return TextBlock((*block.content[:-1], *parts), block.role, block.look)


def _references(prose: Prose, characters: int) -> list[Block]:
    words = phrases(prose.lang, "academic")
    blocks: list[Block] = [header(words["references"])]
    pattern = prose.pick(words.all("reference"))
    while characters > 0:
        first = prose.whole(1, 600)
        plain = prose.fill(
            pattern, n=len(blocks), a=prose.person(), b=prose.person(), title=prose.headline(),
            noun=prose.noun(), v=prose.whole(1, 90), i=prose.whole(1, 12), p=first,
            q=first + prose.whole(3, 40), year=prose.year(),
        )  # fmt: skip
        blocks.append(line(plain, "reference"))
        characters -= len(plain)
    return blocks
