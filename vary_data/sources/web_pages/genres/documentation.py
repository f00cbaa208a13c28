"""Documentation of software: a menu at the side, listings, tables of options, notes."""

from __future__ import annotations

from renderers.web.document import (
    Block,
    Group,
    ItemList,
    ListItem,
    Span,
    Table,
    TableCell,
    Text,
    TextBlock,
    text,
)
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.code import WORDS, listing
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, header, line
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import head

TYPES = ("string", "integer", "boolean", "path", "list")


def compose(prose: Prose) -> Composition:
    """Compose a page of documentation."""
    words = phrases(prose.lang, "documentation")
    width = prose.rng.uniform(860, 1000)
    sheet = Sheet(width, None, prose.rng.uniform(12.5, 14.5), 1.4)
    menu = words.all("menu")
    title = prose.pick(menu)
    items = [ListItem("", (Span(entry, "bold" if entry == title else ""),)) for entry in menu]
    version = f"{prose.whole(0, 9)}.{prose.whole(0, 20)}"
    brand = line(f"{prose.pick(WORDS)}-{prose.pick(WORDS)} {version}", look="brand")
    side = Group((brand, ItemList(tuple(items))), "side")
    blocks: list[Block] = [line(title, "title"), line(prose.paragraph(1, 2))]
    for _ in range(prose.whole(2, 3)):
        blocks.append(header(prose.heading()))
        blocks += _section(prose, words)
    body = Group((side, Group(tuple(blocks), "column article")), "row body")
    return Composition((body,), sheet, ("sans",), ("sans",), {"accent": accent(prose)})


def _section(prose: Prose, words: Phrases) -> list[Block]:
    option = Span(f"--{prose.pick(WORDS)}", "code")
    front, back = capital(prose.say("instruction")), prose.sentence()
    glue = "" if prose.language.wide else " "
    blocks: list[Block] = [
        TextBlock((Span(front + glue), option, Span(glue + back))),
    ]
    match prose.whole(0, 3):
        case 0:
            blocks.append(listing(prose))
        case 1:
            blocks.append(_options(prose, words))
        case 2:
            steps = [
                ListItem(f"{n}.", text(capital(prose.say("instruction"))))
                for n in range(1, prose.whole(3, 5))
            ]
            blocks += [ItemList(tuple(steps)), listing(prose)]
        case _:
            note = line(prose.pick(words.all("note")), look="note-head")
            blocks.append(Group((note, line(prose.sentence())), "note"))
            blocks.append(listing(prose))
    return blocks


def _options(prose: Prose, words: Phrases) -> Table:
    rows = [tuple(head(h) for h in words.all("heads"))]
    for _ in range(prose.whole(2, 5)):
        kind = prose.pick(TYPES)
        default = _default(prose, kind)
        meaning = capital(prose.say("np"))
        option = (Span(f"--{prose.pick(WORDS)}", "code"),)
        cells: tuple[Text, ...] = (option, *map(text, (kind, default, meaning)))
        rows.append(tuple(TableCell(content) for content in cells))
    return Table(tuple(rows), look="lines")


def _default(prose: Prose, kind: str) -> str:
    """A value that an option of this type can have when it is not given."""
    match kind:
        case "integer":
            return str(prose.whole(0, 99))
        case "boolean":
            return prose.pick(("true", "false"))
    return "none"
