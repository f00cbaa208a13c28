"""Invoices: seller, buyer, numbers and dates, items with prices that add up, terms."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, Table, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, accent, header, line
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import cell, head

LATEST_DUE = 14
"""Days until an amount is due, up to which its date is printed: later ones are in another month."""


def compose(prose: Prose) -> Composition:
    """One invoice; amounts are products, and the total is their sum."""
    words = phrases(prose.lang, "invoice")
    sign = prose.pick(words.all("currencies"))
    items, total = _items(prose, words, sign)
    party = Group((header(prose.pick(words.all("to")), 2), *_address(prose)), "column")
    days = prose.pick((7, 14, 30, 60))
    facts = Group(tuple(_facts(prose, words, days)), "column")
    logo = Group((Figure(Art("emblem", prose.whole(0, 2**31), 1.0)),), "logo")
    seller = Group((header(prose.fresh(prose.organization)), *_address(prose)), "seller column")
    title = line(prose.pick(words.all("titles")), "title")
    parts: list[Block] = [seller, title]
    if prose.chance(0.6):
        parts.insert(0, logo)
    blocks: list[Block] = [Group(tuple(parts), "row head")]
    sides = [party, facts] if prose.chance(0.7) else [facts, party]
    blocks += [Group(tuple(sides), "row parties"), items, total, *_terms(prose, words, days)]
    return Composition(
        tuple(blocks), a4(prose, (9.5, 11.5)), ("sans", "serif"), ("sans", "serif"),
        {"accent": accent(prose), "margin-x": f"{prose.rng.uniform(3.4, 5):.1f}rem"},
    )  # fmt: skip


def address(prose: Prose) -> list[str]:
    """Lines of an address."""
    place = prose.pick(prose.corpus.words["place"])
    street = prose.pick(prose.corpus.words["street"])
    parts = phrases(prose.lang, "invoice").all("address")
    number = prose.whole(1, 240)
    code = prose.whole(10000, 99999) if any("{code}" in part for part in parts) else 0
    return [prose.fill(part, street=street, n=number, place=place, code=code) for part in parts]


def _address(prose: Prose) -> list[Block]:
    # The sender and the receiver are different: a fresh name is not on the page yet.
    name = prose.fresh(prose.person if prose.chance(0.5) else prose.organization)
    return [line(name), *(line(part) for part in address(prose))]


def phone(prose: Prose) -> str:
    """A made-up telephone number in the form of the language."""
    digits = "".join(str(prose.whole(0, 9)) for _ in range(8))
    pattern = phrases(prose.lang, "invoice")["phone_number"]
    return pattern.format(a=prose.whole(10, 99), b=digits[:3], c=digits[3:])


def price(prose: Prose, pattern: str, value: float, sign: str = "") -> str:
    """An amount of money: `pattern` is a sign before it, or has `{}` in its place."""
    shown = prose.cash(value)
    return sign + (pattern.format(shown) if "{}" in pattern else f"{pattern}{shown}")


def _facts(prose: Prose, words: Phrases, days: int) -> list[Block]:
    """Numbers and dates; a date on which the amount is due is so many days after the first one."""
    date, due = prose.dates_apart(days) if days <= LATEST_DUE else (prose.date(), "")
    values = {
        "number": f"{prose.pick(('INV-', 'R', '', 'NO.'))}{prose.whole(10000, 999999)}",
        "date": date,
        "due": due,
        "order": f"{prose.whole(100, 999)}-{prose.whole(1000, 9999)}",
        "tax_id": f"{prose.pick(('GB', 'DE', '91', 'FR'))}{prose.whole(10**8, 10**9 - 1)}",
        "phone": phone(prose),
        "account": " ".join(f"{prose.whole(0, 9999):04d}" for _ in range(4)),
        "bank": prose.organization(),
    }
    further = [k for k in list(values)[2:] if values[k]]
    chosen = ["number", "date", *[k for k in further if prose.chance(0.5)]]
    return [Pair(text(f"{words[key]}{words['colon']}"), text(values[key])) for key in chosen]


def _items(prose: Prose, words: Phrases, sign: str) -> tuple[Table, Group]:
    aligns = ("", "", "end", "end", "end")
    rows = [tuple(head(h, a) for h, a in zip(words.all("heads"), aligns, strict=True))]
    total = 0.0
    for n in range(1, prose.whole(3, 14)):
        count, cost = prose.whole(1, 30), prose.money(1, 900)
        amount = round(count * cost, 2)
        total += amount
        good = prose.good() if prose.chance(0.7) else prose.noun()
        shown = (str(n), good, str(count), prose.cash(cost), prose.cash(amount))
        rows.append(tuple(cell(s, a) for s, a in zip(shown, aligns, strict=True)))
    return Table(tuple(rows), look="items"), _totals(prose, words, sign, total)


def _totals(prose: Prose, words: Phrases, sign: str, total: float) -> Group:
    pairs = [Pair(text(words["subtotal"]), text(price(prose, sign, total)))]
    if prose.chance(0.4):
        share = prose.pick((2, 3, 5, 10))
        off = round(total * share / 100, 2)
        total -= off
        pairs.append(
            Pair(text(words["discount"].format(share)), text(price(prose, sign, off, "−")))
        )
    if prose.chance(0.4):
        freight = prose.money(4, 60)
        total += freight
        pairs.append(Pair(text(words["shipping"]), text(price(prose, sign, freight))))
    rate = prose.pick((6, 7, 9, 13, 19, 20, 21))
    tax = round(total * rate / 100, 2)
    pairs.append(Pair(text(words["tax"].format(rate)), text(price(prose, sign, tax))))
    pairs.append(Pair(text(words["total"]), text(price(prose, sign, total + tax)), "grand"))
    return Group(tuple(pairs), "totals")


def _terms(prose: Prose, words: Phrases, days: int) -> list[Block]:
    lines = [line(words["terms"].format(days))]
    if prose.chance(0.6):
        lines.append(line(prose.sentence()))
    if prose.chance(0.6):
        lines.append(line(words["thanks"]))
    return [Group(tuple(lines), "terms")]
