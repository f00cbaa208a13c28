"""Slides of talks: a cover, bullets, a picture or a table beside them, a quotation."""

from __future__ import annotations

from renderers.web.art import DIAGRAMS, PHOTOS
from renderers.web.document import Art, Block, Figure, Group, ItemList, ListItem, text
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line, rich
from vary_data.sources.web_pages.tables import data_table

BULLETS = ("•", "–", "▪", "‣", "")


def compose(prose: Prose) -> Composition:
    """Compose a slide."""
    prose.about()
    wide = prose.chance(0.6)
    sheet = Sheet(720.0, 405.0 if wide else 540.0, prose.rng.uniform(14.5, 18.5))
    kind = prose.rng.random()
    blocks: list[Block]
    if kind < 0.12:
        blocks = [_cover(prose)]
    elif kind < 0.2:
        blocks = [line(prose.quotation(), look="quote")]
    else:
        blocks = [line(prose.heading(), "title"), _main(prose, kind)]
    blocks.append(_foot(prose))
    return Composition(
        tuple(blocks), sheet, ("sans", "serif"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _cover(prose: Prose) -> Group:
    parts = [line(prose.headline(), "title"), line(prose.person()), line(prose.organization())]
    return Group((*parts, line(prose.date(), "date", "paragraph")), "cover")


def _main(prose: Prose, kind: float) -> Group:
    if kind < 0.55:
        return Group((_bullets(prose, prose.whole(3, 6)),), "row main")
    if kind < 0.85:
        art = Art(
            prose.pick((*DIAGRAMS, *PHOTOS)), prose.whole(0, 2**31), prose.rng.uniform(0.6, 0.85)
        )
        caption = text(capital(prose.say("np"))) if prose.chance(0.5) else ()
        sides: list[Block] = [_bullets(prose, prose.whole(2, 4)), Figure(art, caption)]
        return Group(tuple(sides if prose.chance(0.6) else sides[::-1]), "row main")
    return Group((Group((data_table(prose, 600, "bars"),), "column"),), "row main")


def _bullets(prose: Prose, count: int) -> ItemList:
    mark = prose.pick(BULLETS)
    numbered = not mark
    items = []
    for n in range(1, count + 1):
        inner: tuple[Block, ...] = ()
        if prose.chance(0.25):
            points = [ListItem("–", text(_point(prose))) for _ in range(prose.whole(1, 2))]
            inner = (ItemList(tuple(points), level=2),)
        items.append(ListItem(f"{n}." if numbered else mark, rich(prose, _point(prose)), inner))
    return ItemList(tuple(items))


def _point(prose: Prose) -> str:
    """A short statement without a full stop."""
    if prose.chance(0.3):
        return prose.headline()
    if prose.quoted:
        return prose.sentence()
    if "point" in prose.corpus.grammar:
        return capital(prose.say("point"))
    return capital(
        prose.language.glue.join((prose.say("np"), prose.say("verb"), prose.say("object")))
    )


def _foot(prose: Prose) -> Group:
    parts: list[Block] = [line(prose.organization(), "page_footer")]
    if prose.chance(0.7):
        parts.append(line(prose.date(), "page_footer"))
    parts.append(line(str(prose.whole(2, 90)), "page_number"))
    return Group(tuple(parts), "furniture below")
