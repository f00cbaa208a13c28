"""Newspapers: a masthead, and stories of different width in rows of 1 to 6 columns."""

from __future__ import annotations

from renderers.web.art import PHOTOS
from renderers.web.document import Art, Block, Figure, Group, text
from vary_data.sources.prose.prose import Prose, capital
from vary_data.sources.web_pages.composition import (
    Composition,
    Sheet,
    accent,
    capacity,
    header,
    heading_size,
    length,
    line,
    running_text,
)
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """A front page or an inside page."""
    columns = prose.pick((1, 2, 3, 4, 4, 5, 5, 6, 6))
    size = prose.rng.uniform(8.8, 10.2) * (1.12 if columns <= 2 else 1.0)
    wide = 620.0 if columns >= 5 else 560.0
    sheet = Sheet(wide, wide * prose.rng.uniform(1.28, 1.5), size)
    blocks: list[Block] = []
    left = sheet.tallest - 70
    if prose.chance(0.7):
        blocks += _masthead(prose)
        left -= 110
    else:
        blocks.append(_running_head(prose))
        left -= 30
    rows = 1 if columns == 1 else prose.pick((1, 2, 2, 3))
    shares = [prose.rng.uniform(0.7, 1.3) for _ in range(rows)]
    for number, share in enumerate(shares):
        height = left * share / sum(shares)
        blocks.append(_row(prose, columns, height, share, wide - 70, size, lead=number == 0))
    variables = {"accent": accent(prose), "leading": f"{prose.rng.uniform(1.22, 1.34):.2f}"}
    if prose.chance(0.3):
        variables["paper"] = prose.pick(("#fbf7ee", "#f6f1e4", "#fdfbf5"))
    return Composition(tuple(blocks), sheet, ("serif",), ("serif", "sans"), variables)


def _masthead(prose: Prose) -> list[Block]:
    words = phrases(prose.lang, "newspaper")
    name = prose.fill(prose.pick(words.all("names")), place=prose.place())
    parts = (
        words["issue"].format(prose.number(100, 20000)),
        words["comma"].join(prose.dated()),
        words["price"].format(prose.whole(1, 4), prose.whole(0, 9)),
    )
    head = Group((line(name, "title"),), "masthead")
    return [head, Group(tuple(line(p, "page_header") for p in parts), "dateline")]


def _running_head(prose: Prose) -> Block:
    section = prose.noun()
    parts = (line(str(prose.whole(2, 48)), "page_number"), line(section, "page_header"),
             line(prose.date(), "page_header"))  # fmt: skip
    return Group(parts, "dateline")


def _row(
    prose: Prose, columns: int, height: float, share: float, width: float, size: float, lead: bool
) -> Group:
    """Stories beside each other, whose columns add up to those of the page."""
    widths: list[int] = []
    while sum(widths) < columns:
        rest = columns - sum(widths)
        widest = max(1, min(rest, 4 if lead and not widths else 3))
        widths.append(prose.whole(1 if len(widths) else min(2, widest), widest))
    stories = []
    for number, span in enumerate(widths):
        area = width * span / columns
        brief = span == 1 and len(widths) > 1 and prose.chance(0.35)
        if brief:
            stories.append(_brief(prose, area, height, size))
        else:
            stories.append(_story(prose, span, area, height, size, lead and number == 0))
    return Group(tuple(stories), "row stories", style=f"flex: {share:.2f} 1 0; min-height: 0")


def _story(prose: Prose, span: int, width: float, height: float, size: float, lead: bool) -> Group:
    prose.about()
    scale = (1.2 + 0.32 * span) * (1.15 if lead else 1.0)
    title = prose.headline()
    head = heading_size(prose, title, width - 14, size, min(scale, 2.9))
    blocks: list[Block] = [header(title)]
    if span > 1 and prose.chance(0.5):
        blocks.append(line(prose.sentence(), look="deck"))
    if prose.chance(0.7):
        blocks.append(_byline(prose))
    inside: list[Block] = []
    # A picture needs room: a third of the height at most.
    if height > 200 and prose.chance(0.75 if lead else 0.4):
        caption = text(prose.sentence()) if prose.chance(0.8) else ()
        ratio = min(
            prose.rng.uniform(0.5, 0.8), 0.42 * height / (width / (1 if span > 2 else span))
        )
        picture = Figure(Art(prose.pick(PHOTOS), prose.whole(0, 2**31), ratio), caption)
        if span > 1 and prose.chance(0.5) and ratio * width < 0.45 * height:
            blocks.append(picture)
        else:
            inside.append(picture)
    count = int(1.35 * capacity(prose, width, height, size))
    paragraphs: list[Block] = list(running_text(prose, count, (1, 3)))
    if len(paragraphs) > 6 and prose.chance(0.4):
        paragraphs.insert(prose.whole(2, 5), header(capital(prose.say("topic_title")), 2, "cross"))
    at = prose.whole(0, 1) if inside else 0
    blocks.append(Group((*paragraphs[:at], *inside, *paragraphs[at:]), "", flow=True, columns=span))
    style = f"--share: {span}; --head-size: {head:.2f}rem"
    return Group(tuple(blocks), "story", style=style)


def _byline(prose: Prose) -> Block:
    words = phrases(prose.lang, "newspaper")
    return line(prose.fill(prose.pick(words.all("byline")), prose.person()), "author")


def _brief(prose: Prose, width: float, height: float, size: float) -> Group:
    """Short news in one column."""
    blocks: list[Block] = []
    left = int(1.35 * capacity(prose, width, height, size))
    while left > 0:
        prose.about()
        blocks.append(header(prose.headline(), 2))
        paragraphs = running_text(prose, prose.whole(80, 220), (1, 2))
        left -= sum(length(b) for b in paragraphs) + 90
        blocks += paragraphs
    return Group((Group(tuple(blocks), "", flow=True),), "story brief", style="--share: 1")
