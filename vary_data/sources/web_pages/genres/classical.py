"""Classical Chinese books: vertical lines from right to left, in traditional characters."""

from __future__ import annotations

from functools import cache
from importlib import resources

from renderers.web.document import Block, Group, Span, TextBlock
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, line

CHAPTERS = "一二三四五六七八九十"
PUNCTUATION = str.maketrans("", "", "，。：？、")
SENTENCES = 8


def compose(prose: Prose) -> Composition:
    """A page of a book, with or without punctuation."""
    works = classical_texts()
    name, author, body = prose.pick(works)
    punctuated = prose.chance(0.5)
    width = prose.rng.uniform(380, 560)
    sheet = Sheet(width, width * prose.rng.uniform(0.95, 1.45), prose.rng.uniform(13, 17))
    blocks: list[Block] = []
    if prose.chance(0.6):
        blocks += [line(f"{name}卷{prose.pick(CHAPTERS)}", "title"), line(author, "author")]
    left = int(1.3 * width * sheet.tallest / (sheet.size**2 * 1.9))
    while left > 0:
        sentences = [s + "。" for s in body.split("。") if s]
        start = prose.whole(0, max(0, len(sentences) - 3))
        plain = "".join(sentences[start : start + prose.whole(2, SENTENCES)])
        if not punctuated:
            plain = plain.translate(PUNCTUATION)
        left -= len(plain)
        parts = [Span(plain)]
        if prose.chance(0.35):
            _, _, other = prose.pick(works)
            note = other.split("。")[prose.whole(0, 3)]
            parts.append(Span(note if punctuated else note.translate(PUNCTUATION)))
            blocks.append(TextBlock((parts[0],)))
            blocks.append(TextBlock((parts[1],), look="note"))
        else:
            blocks.append(TextBlock(tuple(parts)))
        name, author, body = prose.pick(works)
    frame = Group((Group(tuple(blocks), "", flow=True),), "frame")
    paper = prose.pick(("#f4ead2", "#efe3c6", "#f8f3e6", "#fff"))
    return Composition(
        (frame,), sheet, ("serif", "kai"), ("serif", "kai"),
        {"paper": paper, "rule": prose.pick(("#6b2a1a", "#222", "#8a1f11"))}, vertical=True,
    )  # fmt: skip


@cache
def classical_texts() -> tuple[tuple[str, str, str], ...]:
    """Name, author and text of each work."""
    source = (resources.files(__package__) / "classical-zh.txt").read_text("utf-8")
    rows = [line for line in source.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(part.strip() for part in row.split("|")) for row in rows)  # type: ignore[misc]
