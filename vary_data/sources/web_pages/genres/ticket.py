"""Tickets: fields in a grid, a stub, a bar code."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line
from vary_data.sources.web_pages.phrases import phrases

FLIGHT, TRAIN, ADMISSION = 0, 1, 2
"""Kinds of tickets, as their names are listed; those from the last one on admit to an event."""
PASSENGER, FROM, TO, GATE, CLASS, COACH = 0, 1, 2, 5, 7, 8
WITHOUT = {FLIGHT: {COACH}, TRAIN: {GATE}, ADMISSION: {PASSENGER, FROM, TO, GATE, CLASS, COACH}}
"""Fields, by their places in the list, that a kind does not have."""


def compose(prose: Prose) -> Composition:
    """Compose a ticket."""
    words = phrases(prose.lang, "ticket")
    number = words["number"].format(prose.whole(10**7, 10**9))
    names = words.all("fields")
    values = _values(prose)
    fields = [Pair(text(n), text(v), "field") for n, v in zip(names, values, strict=True)]
    kind = prose.pick(range(len(words.all("kinds"))))
    known = [fields[i] for i in range(len(fields)) if i not in WITHOUT[min(kind, ADMISSION)]]
    chosen = [field for field in known if prose.chance(0.85)] or known
    width = prose.pick((3, 4))
    rows = [Group(tuple(chosen[i : i + width]), "row") for i in range(0, len(chosen), width)]
    head = (line(prose.organization(), look="brand"), line(words.all("kinds")[kind], "title"))
    # The first rule names the gate, the second one a journey.
    rules = words.all("rules")[0 if kind == FLIGHT else 1 if kind < ADMISSION else 2 :]
    rule = prose.pick(rules).format(prose.pick((15, 20, 30, 40)))
    main: list[Block] = [Group(head, "head"), *rows, line(rule, look="small")]
    stub: list[Block] = [
        Pair(known[0].key, known[0].value, "field"),
        Pair(known[1].key, known[1].value, "field"),
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
