"""Posters: a few large words, a picture, date and place."""

from __future__ import annotations

from renderers.web.art import PHOTOS
from renderers.web.document import Art, Block, Figure, Group
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, heading_size, line
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a poster."""
    words = phrases(prose.lang, "poster")
    sheet = Sheet(500.0, 500.0 * prose.rng.uniform(1.3, 1.5), prose.rng.uniform(14, 17))
    title = prose.heading()
    size = heading_size(prose, title, 420, sheet.size, prose.rng.uniform(3.2, 5))
    hour = prose.whole(9, 21)
    when = prose.pick(words.all("at")).format(hour, prose.pick(("00", "15", "30", "45")))
    top: list[Block] = [line(prose.pick(words.all("kinds")), look="kind"), line(title, "title")]
    if prose.chance(0.7):
        top.append(line(prose.sentence(), look="deck"))
    facts: list[Block] = [
        line(words["comma"].join(prose.dated()), "date"),
        line(when),
        line(f"{prose.organization()}{words['comma']}{prose.pick(prose.corpus.words['place'])}"),
    ]
    if prose.chance(0.7):
        facts.append(line(_entry(prose)))
    names = [line(prose.person()) for _ in range(prose.whole(0, 5))]
    blocks: list[Block] = [Group(tuple(top), "top")]
    if prose.chance(0.75):
        art = Art(prose.pick(PHOTOS), prose.whole(0, 2**31), prose.rng.uniform(0.45, 0.75))
        blocks.append(Figure(art, look="wide"))
    if names:
        blocks.append(Group(tuple(names), "names"))
    blocks.append(Group(tuple(facts), "facts"))
    hue = prose.whole(0, 359)
    dark = prose.chance(0.5)
    variables = {
        "title-size": f"{size:.2f}rem",
        "paper": f"hsl({hue},45%,{18 if dark else 88}%)",
        "ink": "#fbf8ef" if dark else "#15161a",
        "accent": f"hsl({(hue + 40) % 360},75%,{72 if dark else 30}%)",
    }
    return Composition(tuple(blocks), sheet, ("sans", "serif"), ("sans", "serif"), variables)


def _entry(prose: Prose) -> str:
    words = phrases(prose.lang, "poster")
    pattern = prose.pick(words.all("free"))
    return pattern.format(prose.date() if pattern == words.all("free")[2] else prose.whole(3, 90))
