"""Articles of web sites as on a screen: menu, title, picture, text with links, related articles."""

from __future__ import annotations

from renderers.web.art import PHOTOS
from renderers.web.document import (
    Art,
    Block,
    Figure,
    Group,
    ItemList,
    ListItem,
    Span,
    TextBlock,
    text,
)
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.code import listing
from vary_data.sources.web_pages.composition import (
    Composition,
    Sheet,
    accent,
    header,
    line,
    running_text,
)
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.tables import data_table


def compose(prose: Prose) -> Composition:
    """Compose an article of a web site."""
    prose.about()
    words = phrases(prose.lang, "web_article")
    wide = prose.chance(0.65)
    width = prose.rng.uniform(820, 980) if wide else prose.rng.uniform(400, 520)
    sheet = Sheet(width, None, prose.rng.uniform(13, 15.5), 1.6 if wide else 2.5)
    entries = [line(item, "page_header") for item in words.all("menu")[: 6 if wide else 4]]
    menu = Group((line(prose.noun(), "page_header", "brand"), *entries), "menu")
    article = Group(tuple(_article(prose, wide)), "column article")
    blocks: list[Block] = [menu]
    if wide and prose.chance(0.7):
        others = [ListItem("", (Span(prose.headline(), "link"),)) for _ in range(prose.whole(3, 6))]
        side = Group((header(prose.pick(words.all("related")), 2), ItemList(tuple(others))), "side")
        blocks.append(Group((article, side), "row body"))
    else:
        blocks.append(Group((article,), "row body"))
    foot = [line(item.format(prose.last_year()), "page_footer") for item in words.all("foot")]
    blocks.append(Group(tuple(foot), "foot"))
    return Composition(
        tuple(blocks), sheet, ("sans", "serif"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _article(prose: Prose, wide: bool) -> list[Block]:
    words = phrases(prose.lang, "web_article")
    facts = [line(prose.fill(prose.pick(words.all("by")), prose.person()), "author"),
             line(prose.pick(words.all("updated")).format(prose.date()), "date")]  # fmt: skip
    if prose.chance(0.5):
        facts.append(line(words["minutes"].format(prose.whole(2, 14)), look="fact"))
    blocks: list[Block] = [line(prose.headline(), "title"), Group(tuple(facts), "facts")]
    if prose.chance(0.7):
        art = Art(prose.pick(PHOTOS), prose.whole(0, 2**31), prose.rng.uniform(0.35, 0.55))
        blocks.append(Figure(art, text(prose.sentence()) if prose.chance(0.7) else ()))
    share = prose.dense
    for _ in range(prose.whole(1, 3)):
        blocks += running_text(
            prose, prose.whole(300, 650) // share, (2, 4), ("bold", "link", "italic")
        )
        kind = prose.rng.random()
        if kind < 0.3:
            blocks.append(header(prose.heading()))
        elif kind < 0.5:
            items = [ListItem("•", text(prose.sentence())) for _ in range(prose.whole(2, 4))]
            blocks.append(ItemList(tuple(items)))
        elif kind < 0.65:
            blocks.append(Group((TextBlock(text(prose.sentence())),), "quote"))
        elif kind < 0.8:
            blocks.append(data_table(prose, 500 if wide else 300, "lines"))
        elif kind < 0.9:
            blocks.append(listing(prose))
    blocks.append(TextBlock(text(prose.sentence())))
    if prose.chance(0.4):
        blocks.append(line(words["comments"].format(prose.whole(2, 400)), look="fact"))
    return blocks
