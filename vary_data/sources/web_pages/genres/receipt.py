"""Till receipts: a narrow roll with goods, prices, a total and a code."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, Rule, Table, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, line
from vary_data.sources.web_pages.genres.invoice import address, phone
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.tables import cell, head


def compose(prose: Prose) -> Composition:
    """One receipt; the total is the sum, the change what was paid minus it."""
    words = phrases(prose.lang, "receipt")
    shop = prose.fill(prose.pick(words.all("shops")), prose.noun())
    blocks: list[Block] = [
        Group(
            (line(shop, "title"), *(line(a) for a in address(prose)), line(phone(prose))), "shop"
        ),
        Pair(text(prose.date()), text(f"{prose.whole(7, 22):02d}:{prose.whole(0, 59):02d}")),
        line(words["receipt"].format(prose.whole(1000, 99999))),
        line(prose.fill(words["clerk"], prose.person())),
        Rule("thin dashes"),
    ]
    rows = [tuple(head(h, a) for h, a in zip(words.all("heads"), ("", "end", "end"), strict=True))]
    total = 0.0
    for _ in range(prose.whole(2, 16)):
        count = prose.pick((1, 1, 1, 2, 3, 6))
        amount = round(count * prose.money(0.6, 60), 2)
        total += amount
        rows.append((cell(prose.good()), cell(str(count), "end"), cell(prose.cash(amount), "end")))
    rate = prose.pick((3, 6, 7, 9, 13, 20))
    ways = words.all("cash")
    way = prose.pick(range(len(ways)))
    # Whoever pays by card pays the total; the first way is cash.
    paid = total if way else float(-(-int(total + 1) // 10) * 10)
    blocks += [
        Table(tuple(rows)),
        Rule("thin dashes"),
        Pair(text(words["total"]), text(prose.cash(total)), "grand"),
        Pair(text(words["tax"].format(rate)), text(prose.cash(total * rate / (100 + rate)))),
        Pair(text(ways[way]), text(prose.cash(paid))),
    ]
    if not way:
        blocks.append(Pair(text(words["change"]), text(prose.cash(paid - total))))
    blocks.append(Rule("thin dashes"))
    end: list[Block] = [line(t) for t in words.all("thanks") if prose.chance(0.6)]
    if prose.chance(0.6):
        end.append(Figure(Art("barcode", prose.whole(0, 2**31), 0.24), look="code"))
        end.append(line(str(prose.whole(10**11, 10**12 - 1))))
    blocks.append(Group(tuple(end or [line(words["thanks"])]), "bottom"))
    sheet = Sheet(prose.rng.uniform(230, 290), None, 10.5, longest=4.2)
    tint = {"paper": prose.pick(("#fff", "#fdfdfa", "#f7f5ee"))}
    return Composition(tuple(blocks), sheet, ("mono", "sans"), ("sans", "serif"), tint)
