"""Reports: numbered sections, tables and figures with sources, key figures, footnotes."""

from __future__ import annotations

from renderers.web.art import DIAGRAMS
from renderers.web.document import (
    Art,
    Block,
    Figure,
    Group,
    ItemList,
    ListItem,
    Pair,
    Span,
    TextBlock,
    text,
)
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import (
    Composition,
    a4,
    accent,
    capacity,
    header,
    line,
    running_text,
)
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.tables import data_table


def compose(prose: Prose) -> Composition:
    """Compose a page of a report."""
    prose.about()
    words = phrases(prose.lang, "report")
    sheet = a4(prose, (9.8, 11.5))
    title = prose.fill(prose.pick(words.all("titles")), year=prose.year(), noun=prose.noun())
    head = Group(
        (line(title, "page_header"), line(prose.organization(), "page_header")), "furniture"
    )
    blocks: list[Block] = [head]
    left = sheet.tallest - 150
    if prose.chance(0.45):
        blocks.append(Group((line(title, "title"), line(prose.date(), "date"))))
        left -= 90
    if prose.chance(0.35):
        blocks.append(_key_figures(prose))
        left -= 80
    notes = [prose.sentence() for _ in range(prose.pick((0, 0, 1, 2)))]
    body = _body(prose, int(2.0 * capacity(prose, sheet.width - 120, left, sheet.size)), notes)
    blocks.append(Group(tuple(body), "", flow=True, columns=1))
    if notes:
        shown = [
            TextBlock((Span(str(n), "sup"), Span(f" {note}")), "footnote")
            for n, note in enumerate(notes, 1)
        ]
        blocks.append(Group(tuple(shown), "notes"))
    page = prose.whole(1, 80)
    number = (
        words["page"].format(page, page + prose.whole(1, 60)) if prose.chance(0.5) else str(page)
    )
    blocks.append(Group((line(number, "page_number"),), "furniture below middle"))
    return Composition(
        tuple(blocks), sheet, ("serif", "sans"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _key_figures(prose: Prose) -> Group:
    pairs = [
        Pair(
            text(prose.pick(prose.corpus.words["measure"])),
            text(prose.number(10, 90000)),
            "figure-box",
        )
        for _ in range(prose.whole(2, 4))
    ]
    return Group(tuple(pairs), "row key-figures")


def _body(prose: Prose, characters: int, notes: list[str]) -> list[Block]:
    words = phrases(prose.lang, "report")
    blocks: list[Block] = []
    section, figures, tables = prose.whole(1, 6), prose.whole(1, 4), prose.whole(1, 4)
    marks = list(range(1, len(notes) + 1))
    while characters > 0:
        blocks.append(header(f"{section}. {prose.heading()}"))
        for part in range(1, prose.whole(2, 3)):
            if prose.chance(0.5):
                blocks.append(header(f"{section}.{part} {prose.heading()}", 2))
            for paragraph in running_text(prose, prose.whole(200, 600), (2, 4)):
                if marks:
                    mark = Span(str(marks.pop(0)), "sup")
                    paragraph = TextBlock((*paragraph.content, mark))
                blocks.append(paragraph)
            characters -= 450
            kind = prose.rng.random()
            if kind < 0.3:
                caption = (Span(words["table"].format(tables), "bold"), Span(f" {prose.heading()}"))
                blocks.append(
                    data_table(prose, 480, prose.pick(("plain", "striped", "grid")), caption)
                )
                blocks.append(
                    line(prose.fill(words["source"], prose.organization()), "caption", "source")
                )
                tables += 1
                characters -= 500
            elif kind < 0.5:
                caption = (
                    Span(words["figure"].format(figures), "bold"),
                    Span(f" {prose.heading()}"),
                )
                art = Art(prose.pick(DIAGRAMS), prose.whole(0, 2**31), prose.rng.uniform(0.3, 0.5))
                blocks.append(Figure(art, caption))
                figures += 1
                characters -= 700
            elif kind < 0.75:
                marker = prose.pick(("•", "–", "▪", ""))
                items = [
                    ListItem(marker or f"{n}.", text(prose.sentence()))
                    for n in range(1, prose.whole(3, 5))
                ]
                blocks.append(ItemList(tuple(items)))
                characters -= 300
        section += 1
    return blocks
