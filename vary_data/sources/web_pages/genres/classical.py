"""Books in vertical lines from right to left: classical Chinese ones in traditional characters,
Japanese ones."""

from __future__ import annotations

from functools import cache
from importlib import resources

from renderers.web.document import Block, Group, Span, TextBlock
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, line

CHAPTERS = "一二三四五六七八九十"
PUNCTUATION = str.maketrans("", "", "，。：？、")
MODERN = 0.4
"""Share of the Japanese books with sentences of today."""
SENTENCES = 8
NOTES = 0.35
"""Share of the passages that are followed by a note: a sentence of another passage."""


def compose(prose: Prose) -> Composition:
    """A page of a book, with or without punctuation."""
    japanese = prose.lang == "ja"
    works = classical_texts("ja" if japanese else "zh")
    if japanese and prose.chance(MODERN):
        works = (_modern(prose),)
    unread = [[s + "。" for s in body.split("。") if s] for _, _, body in works]
    chosen = prose.whole(0, len(works) - 1)
    name, author, _ = works[chosen]
    punctuated = japanese or prose.chance(0.5)
    width = prose.rng.uniform(380, 560)
    sheet = Sheet(width, width * prose.rng.uniform(0.95, 1.45), prose.rng.uniform(13, 17))
    blocks: list[Block] = []
    if prose.chance(0.6):
        volume = ("{}　巻{}" if japanese else "{}卷{}").format(name, prose.pick(CHAPTERS))
        blocks += [line(volume, "title"), line(author, "author")]
    left = int(1.3 * width * sheet.tallest / (sheet.size**2 * 1.9))
    current = unread[chosen]
    while left > 0 and current:
        plain = _taken(current, prose.whole(2, SENTENCES), punctuated)
        left -= len(plain)
        blocks.append(TextBlock((Span(plain),)))
        unread = [sentences for sentences in unread if sentences]
        if unread and prose.chance(NOTES):
            note = _taken(prose.pick(unread), 1, punctuated).rstrip("。")
            blocks.append(TextBlock((Span(note),), look="note"))
            unread = [sentences for sentences in unread if sentences]
        current = prose.pick(unread) if unread else []
    frame = Group((Group(tuple(blocks), "", flow=True),), "frame")
    paper = prose.pick(("#f4ead2", "#efe3c6", "#f8f3e6", "#fff"))
    return Composition(
        (frame,), sheet, ("serif", "kai"), ("serif", "kai"),
        {"paper": paper, "rule": prose.pick(("#6b2a1a", "#222", "#8a1f11"))}, vertical=True,
    )  # fmt: skip


def _taken(sentences: list[str], count: int, punctuated: bool) -> str:
    """The first sentences of a work, which loses them: no passage comes twice on a page."""
    plain = "".join(sentences[:count])
    del sentences[:count]
    return plain if punctuated else plain.translate(PUNCTUATION)


def _modern(prose: Prose) -> tuple[str, str, str]:
    """Title, author and text of a book of the prose's own sentences."""
    prose.about()
    return prose.heading(), prose.person(), prose.paragraph(20, 30)


@cache
def classical_texts(lang: str) -> tuple[tuple[str, str, str], ...]:
    """Name, author and text of each work."""
    source = (resources.files(__package__) / f"classical-{lang}.txt").read_text("utf-8")
    rows = [line for line in source.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(part.strip() for part in row.split("|")) for row in rows)  # type: ignore[misc]
