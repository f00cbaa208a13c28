"""Catalogues: goods with a picture, a number, properties and a price, in a grid."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, accent, header, line
from vary_data.sources.web_pages.genres.invoice import price
from vary_data.sources.web_pages.phrases import Phrases, phrases


def compose(prose: Prose) -> Composition:
    """Compose a page of a catalogue."""
    words = phrases(prose.lang, "catalogue")
    columns = prose.pick((2, 3, 3))
    rows = prose.whole(2, 3)
    title = prose.fill(prose.pick(words.all("titles")), prose.noun())
    blocks: list[Block] = [line(title, "title")]
    sign = prose.pick(phrases(prose.lang, "invoice").all("currencies"))
    for _ in range(rows):
        goods = [_item(prose, words, sign) for _ in range(columns)]
        blocks.append(Group(tuple(goods), "row goods"))
    foot = (
        line(prose.organization(), "page_footer"),
        line(str(prose.whole(2, 300)), "page_number"),
    )
    blocks.append(Group(foot, "furniture below"))
    return Composition(
        tuple(blocks), a4(prose, (9.5, 11.0)), ("sans", "serif"), ("sans", "serif"),
        {"accent": accent(prose)},
    )  # fmt: skip


def _item(prose: Prose, words: Phrases, sign: str) -> Group:
    """A good with its price in the currency of the catalogue."""
    blocks: list[Block] = [
        Figure(Art("product", prose.whole(0, 2**31), prose.rng.uniform(0.46, 0.6)))
    ]
    blocks.append(header(prose.good(), 2))
    blocks.append(line(words["item"].format(prose.whole(10000, 99999)), look="small"))
    names, units = words.all("specs"), words.all("units")
    values = (
        units[0].format(prose.whole(8, 220), prose.whole(8, 90)),
        units[1].format(prose.whole(1, 90)),
        prose.pick(words.all("colors")),
        prose.noun(),
        units[2].format(prose.whole(5, 2400)),
        units[3].format(prose.whole(1, 10)),
    )
    for name, value in zip(names, values, strict=True):
        if prose.chance(0.45):
            blocks.append(Pair(text(f"{name}{words['colon']}"), text(value), "spec"))
    cost = price(prose, sign, prose.money(2, 3000))
    parts: list[Block] = [line(cost, look="price")]
    if prose.chance(0.35):
        offer = prose.pick(words.all("offer")).format(prose.pick((10, 15, 20, 30, 50)))
        parts.append(line(offer, look="offer"))
    return Group((*blocks, Group(tuple(parts), "row prices")), "item-box")
