"""Tickets: fields in a grid, a stub, a bar code."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a ticket."""
    words = phrases(prose.lang, "ticket")
    number = words["number"].format(prose.whole(10**7, 10**9))
    names = words.all("fields")
    values = _values(prose)
    fields = [Pair(text(n), text(v), "field") for n, v in zip(names, values, strict=True)]
    chosen = [field for field in fields if prose.chance(0.85)] or fields
    width = prose.pick((3, 4))
    rows = [Group(tuple(chosen[i : i + width]), "row") for i in range(0, len(chosen), width)]
    head = (line(prose.organization(), look="brand"), line(prose.pick(words.all("kinds")), "title"))
    rule = prose.pick(words.all("rules")).format(prose.pick((15, 20, 30, 40)))
    main: list[Block] = [Group(head, "head"), *rows, line(rule, look="small")]
    stub: list[Block] = [
        Pair(fields[0].key, fields[0].value, "field"),
        Pair(fields[1].key, fields[1].value, "field"),
        Figure(Art("barcode", prose.whole(0, 2**31), 0.4)),
        line(number, look="small"),
    ]
    blocks = (Group((Group(tuple(main), "main"), Group(tuple(stub), "stub")), "row ticket"),)
    wide = prose.rng.uniform(520, 640)
    sheet = Sheet(wide, None, prose.rng.uniform(10.5, 12.5), 1.0)
    return Composition(
        blocks, sheet, ("sans", "narrow", "mono"), ("sans", "serif"), {"accent": accent(prose)}
    )


def _values(prose: Prose) -> list[str]:
    """Values of the fields, in their order in the words of the language."""
    return [
        prose.person(),
        *prose.places(2),
        prose.date(),
        f"{prose.whole(5, 23):02d}:{prose.whole(0, 59):02d}",
        f"{prose.pick('ABCDE')}{prose.whole(1, 60)}",
        f"{prose.whole(1, 48)}{prose.pick('ABCDEF')}",
        prose.pick(("1", "2")),
        str(prose.whole(1, 20)),
        prose.cash(prose.money(8, 900)),
    ]
