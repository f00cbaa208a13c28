"""Magazines: a large picture or title, a lead, wide columns, a quotation, a box with facts."""

from __future__ import annotations

from renderers.web.art import PHOTOS
from renderers.web.document import Art, Block, Figure, Group, ItemList, ListItem, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import (
    Composition,
    Sheet,
    accent,
    capacity,
    header,
    heading_size,
    line,
    running_text,
)
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a page of a magazine."""
    prose.about()
    width = prose.rng.uniform(540, 610)
    sheet = Sheet(width, width * prose.rng.uniform(1.26, 1.38), prose.rng.uniform(9.4, 10.8))
    columns = prose.pick((2, 2, 3))
    title = prose.headline()
    size = heading_size(prose, title, width - 90, sheet.size, prose.rng.uniform(2.4, 3.8))
    opener: list[Block] = [line(title, "title"), line(prose.sentence(), look="deck")]
    pattern = prose.pick(phrases(prose.lang, "newspaper").all("byline"))
    byline = prose.fill(pattern, prose.person())
    opener.append(line(byline, "author"))
    left = sheet.tallest - 90 - 140
    if prose.chance(0.7):
        ratio = prose.rng.uniform(0.32, 0.55)
        picture = Figure(Art(prose.pick(PHOTOS), prose.whole(0, 2**31), ratio), look="wide")
        opener.insert(0 if prose.chance(0.5) else len(opener), picture)
        left -= ratio * width
    body = _body(prose, int(1.7 * capacity(prose, width - 90, left, sheet.size)))
    foot = (line(prose.noun(), "page_footer"), line(str(prose.whole(4, 160)), "page_number"))
    blocks = (Group(tuple(opener), "opener"), Group(tuple(body), "", flow=True, columns=columns),
              Group(foot, "furniture below"))  # fmt: skip
    variables = {"accent": accent(prose), "title-size": f"{size:.2f}rem"}
    return Composition(blocks, sheet, ("serif", "sans"), ("sans", "serif"), variables)


def _body(prose: Prose, characters: int) -> list[Block]:
    blocks: list[Block] = list(running_text(prose, characters, (3, 6)))
    extras: list[Block] = []
    if prose.chance(0.6):
        extras.append(Group((line(prose.quotation(), look="pull"),), "quote"))
    if prose.chance(0.5):
        facts = [ListItem("•", text(prose.sentence())) for _ in range(prose.whole(2, 4))]
        extras.append(Group((header(prose.heading(), 2), ItemList(tuple(facts))), "box"))
    if prose.chance(0.4):
        art = Art(prose.pick(PHOTOS), prose.whole(0, 2**31), prose.rng.uniform(0.6, 1.1))
        extras.append(Figure(art, text(prose.sentence())))
    if prose.chance(0.6):
        extras.append(header(prose.heading(), 2))
    for extra in extras:
        blocks.insert(prose.whole(1, max(1, len(blocks) * 2 // 3)), extra)
    return blocks
