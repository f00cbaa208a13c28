"""Menus of restaurants: parts with dishes, notes and prices."""

from __future__ import annotations

from renderers.web.document import Block, Group, Pair, Span, text
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import Composition, Sheet, header, line
from vary_data.sources.web_pages.genres.invoice import price
from vary_data.sources.web_pages.phrases import Phrases, phrases

STARTERS, SOUPS, SALADS, MAIN, DESSERTS, DRINKS = range(6)
"""Parts of a menu, as their names are listed."""
GRILLED, SOUP, ROAST, SALAD, RICE, PIE, BAKED, JUICE, STEW = range(9)
"""Kinds of dishes, as their patterns are listed."""
DISHES = {
    STARTERS: (SOUP, SALAD, PIE, BAKED),
    SOUPS: (SOUP,),
    SALADS: (SALAD,),
    MAIN: (GRILLED, ROAST, RICE, BAKED, STEW),
    DESSERTS: (PIE,),
    DRINKS: (JUICE,),
}
SWEET = (DESSERTS, DRINKS)
"""Parts whose dishes are of fruits."""


def compose(prose: Prose) -> Composition:
    """Compose a menu."""
    words = phrases(prose.lang, "menu")
    columns = prose.pick((1, 2, 2))
    width = prose.rng.uniform(430, 600)
    sheet = Sheet(width, width * prose.rng.uniform(1.25, 1.5), prose.rng.uniform(10.5, 12.5))
    title = prose.fill(prose.pick(words.all("titles")), prose.pick(prose.corpus.words["place"]))
    blocks: list[Block] = [Group((line(title, "title"),), "top")]
    order = prose.rng.permutation(len(words.all("parts"))).tolist()
    space = columns * (sheet.tallest - 190) / sheet.size
    sections: list[Block] = []
    sign = prose.pick(phrases(prose.lang, "invoice").all("currencies"))
    for index in order:
        dishes = [_dish(prose, words, sign, index) for _ in range(prose.whole(3, 5))]
        height = 3.2 + sum(3.1 if len(dish.key) > 1 else 1.8 for dish in dishes)
        if sections and height > space:
            break
        space -= height
        name = header(words.all("parts")[index], 1)
        sections.append(Group((name, *dishes), "part"))
    blocks.append(Group(tuple(sections), "parts", flow=True, columns=columns))
    foot = [line(part, "page_footer") for part in words.all("foot") if prose.chance(0.7)]
    if foot:
        blocks.append(Group(tuple(foot), "foot"))
    dark = prose.chance(0.25)
    variables = {
        "accent": f"hsl({prose.whole(0, 359)},45%,{70 if dark else 32}%)",
        "paper": "#22211f" if dark else prose.pick(("#fff", "#fbf6ea", "#f3efe4")),
        "ink": "#f3efe6" if dark else "#1d1a17",
    }
    return Composition(tuple(blocks), sheet, ("serif", "sans", "kai"), ("serif", "sans"), variables)


def _dish(prose: Prose, words: Phrases, sign: str, part: int) -> Pair:
    """A dish of a part of the menu with its price in the currency of the menu."""
    patterns = [words.all("dishes")[i] for i in DISHES[part]]
    foods = words.all("fruits" if part in SWEET else "foods")
    name = prose.fresh(lambda: prose.fill(prose.pick(patterns), prose.pick(foods)))
    content = text(capital(name))
    if part not in SWEET and prose.chance(0.4):
        content = (*content, Span(f"{words['comma']}{prose.pick(words.all('notes'))}", "italic"))
    return Pair(
        content,
        text(price(prose, sign, prose.coins(prose.whole(3, 88) + prose.pick((0.0, 0.5, 0.9))))),
        "dish",
    )
