"""Tables of contents with leaders, and indexes in columns."""

from __future__ import annotations

from renderers.web.document import Block, Group, Leader, Span, TextBlock, text
from vary_data.sources.prose.alphabet import initial
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, capacity, header, line
from vary_data.sources.web_pages.phrases import Phrases, phrases

CONTENTS, INDEX, FIGURES = (0, 1), 2, 3
"""Positions of the titles in the words of the genre."""


def compose(prose: Prose) -> Composition:
    """Compose a table of contents or an index."""
    words = phrases(prose.lang, "contents")
    sheet = a4(prose, (10.0, 12.0))
    kind = prose.pick(("contents", "contents", "index", "figures"))
    titles = words.all("titles")
    if kind == "index":
        title, columns = titles[INDEX], prose.pick((2, 2, 3))
        body = _index(prose, capacity(prose, sheet.width - 100, sheet.tallest - 160, sheet.size))
    else:
        title = prose.pick([titles[i] for i in CONTENTS]) if kind == "contents" else titles[FIGURES]
        columns = 1
        body = _lines(
            prose, words, int((sheet.tallest - 170) / (sheet.size * 1.5)), kind == "figures"
        )
    flow = Group(tuple(body), kind, flow=True, columns=columns)
    number = Group(
        (line(prose.pick(("i", "ii", "v", "vii", "3")), "page_number"),), "furniture below middle"
    )
    return Composition(
        (line(title, "title"), flow, number), sheet, ("serif", "sans"), ("sans", "serif")
    )


def _lines(prose: Prose, words: Phrases, count: int, figures: bool) -> list[Block]:
    page, chapter = prose.whole(1, 12), 1
    blocks: list[Block] = []
    while len(blocks) < count:
        name = words["figure" if figures else "chapter"].format(chapter)
        blocks.append(
            Leader(text(f"{name} {prose.heading()}"), str(page), "" if figures else "chapter")
        )
        for section in range(1, 1 if figures else prose.whole(2, 6)):
            page += prose.whole(1, 9)
            blocks.append(
                Leader(text(f"{chapter}.{section} {prose.heading()}"), str(page), "section")
            )
        page += prose.whole(1, 14)
        chapter += 1
    return blocks[:count]


def _index(prose: Prose, characters: int) -> list[Block]:
    """Words in order, with the numbers of their pages, below the letters that they begin with."""
    words = prose.words_in_order(min(400, characters // 22))
    blocks: list[Block] = []
    first = ""
    for word in words:
        if not prose.language.wide and (letter := initial(word, prose.language.script)) != first:
            first = letter
            blocks.append(header(first, 2))
        pages = sorted({prose.whole(1, 460) for _ in range(prose.whole(1, 4))})
        content = f"{prose.small(word)}, {', '.join(map(str, pages))}"
        blocks.append(TextBlock((Span(content),), "list_item", "entry", 1))
    return blocks
