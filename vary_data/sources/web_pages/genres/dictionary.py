"""Pages of dictionaries: guide words, entries with a class, senses and examples."""

from __future__ import annotations

from renderers.web.document import Block, Group, Inline, Span, TextBlock
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, capacity, line
from vary_data.sources.web_pages.phrases import phrases

REFERENCES = 0.6
"""Share of the entries that name another word, in languages with few phrases that explain one."""


def compose(prose: Prose) -> Composition:
    """Compose a page of a dictionary."""
    width = prose.rng.uniform(440, 640)
    columns = prose.pick((2, 3)) if width > 520 else 2
    sheet = Sheet(width, width * prose.rng.uniform(1.3, 1.5), prose.rng.uniform(8.2, 9.4))
    left = int(1.2 * capacity(prose, width - 50, sheet.tallest - 80, sheet.size, 1.3))
    words = prose.words_in_order(min(300, left // 50 + 8))
    entries: list[Block] = []
    for word in words:
        content = _entry(prose, word)
        left -= sum(len(part.text) for part in content if isinstance(part, Span)) + 12
        entries.append(TextBlock(content, look="entry"))
        if left < 0:
            break
    guides = (line(words[0], "page_header"), line(str(prose.whole(1, 900)), "page_number"),
              line(words[min(len(words), len(entries)) - 1], "page_header"))  # fmt: skip
    head = Group(guides, "furniture")
    flow = Group(tuple(entries), "", flow=True, columns=columns)
    return Composition((head, flow), sheet, ("serif",), ("serif", "sans"))


def _entry(prose: Prose, word: str) -> tuple[Inline, ...]:
    zh = prose.language.wide
    stop = prose.language.sentence_end[:1] if zh else ""
    parts: list[Inline] = [Span(prose.small(word), "bold")]
    if prose.chance(0.25):
        parts.append(Span(str(prose.whole(1, 3)), "sup"))
    word_class = prose.pick(phrases(prose.lang, "dictionary").all("classes"))
    space = Span("" if zh else " ")
    parts += [space, Span(word_class, "" if zh else "italic"), space]
    meanings = _meanings(prose, word, zh)
    for n, meaning in enumerate(meanings, 1):
        mark = "①②③"[n - 1] if zh else f"{n} "
        parts.append(Span(f"{mark if len(meanings) > 1 else ''}{meaning}{stop or '; '}"))
        if prose.chance(0.5):
            parts.append(Span(f"{prose.sentence()}", "" if zh else "italic"))
            parts.append(Span("" if zh else " "))
    found = [part for part in parts if isinstance(part, Span) and part.text]
    last = found[-1]
    found[-1] = Span(last.text.rstrip("; "), last.style)
    return tuple(found)


def _meanings(prose: Prose, word: str, single: bool) -> list[str]:
    """What a word means, in one to three senses; another word where the language has few phrases
    that explain one, or the page has them all."""
    many = prose.rich("np")
    if not many and (not prose.has_more("np") or prose.chance(REFERENCES)):
        other = next(noun for noun in prose.nouns(2) if noun != word)
        return [prose.fill(phrases(prose.lang, "dictionary")["see"], prose.small(other))]
    count = prose.whole(1, 3) if many else 1
    if single or not many:
        return [prose.say("np") for _ in range(count)]
    return [f"{prose.say('np')}, {prose.say('np')}" for _ in range(count)]
