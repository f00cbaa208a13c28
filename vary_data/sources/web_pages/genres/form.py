"""Forms: sections with fields on lines or in boxes, check boxes, tables to fill in."""

from __future__ import annotations

from renderers.web.document import (
    Block,
    CheckBox,
    Form,
    Group,
    Pair,
    Table,
    TableCell,
    text,
)
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, header, line
from vary_data.sources.web_pages.genres.invoice import address, phone
from vary_data.sources.web_pages.phrases import Phrases, phrases
from vary_data.sources.web_pages.tables import cell, head

FIELDS = (
    "name",
    "birth",
    "place",
    "number",
    "address",
    "phone",
    "email",
    "employer",
    "position",
    "amount",
)
BIRTHS = 1950, 1990
"""Years in which people were born who are employed when the form is signed."""


def compose(prose: Prose) -> Composition:
    """A form that is filled in, in part, or not at all."""
    words = phrases(prose.lang, "form")
    filled = prose.pick((0.0, 0.5, 1.0, 1.0))
    boxed = prose.chance(0.4)
    blocks: list[Block] = [
        line(prose.fill(prose.pick(words.all("titles")), prose.noun()), "title"),
        line(prose.fill(words["lead"], prose.organization()), look="lead"),
    ]
    left, prompts = list(FIELDS), list(words.all("choose"))
    numbered = prose.chance(0.5)
    for number in range(prose.whole(2, 4)):
        name = words.all("sections")[number]
        shown = f"{number + 1}. {name}" if numbered else name
        count = min(len(left), prose.whole(2, 5))
        chosen, left = left[:count], left[count:]
        parts = _fields(prose, words, chosen, filled, boxed)
        if prompts and prose.chance(0.6):
            prompt = prompts.pop(prose.whole(0, len(prompts) - 1))
            parts += _checks(prose, words, prompt, filled)
        if parts:
            blocks += [header(shown), Form(tuple(parts))]
    if prose.chance(0.5):
        blocks.append(_grid(prose, words, filled))
    if prose.chance(0.6):
        blocks.append(header(words.all("sections")[-1]))
        blocks.append(line(prose.paragraph(1, 3)))
    colon = words["colon"]
    sign = (Pair(text(f"{words['date']}{colon}"), text(prose.date() if filled else "")),
            Pair(text(f"{words['sign']}{colon}"), ()))  # fmt: skip
    blocks.append(Form((Group(sign, "row"),), "sign"))
    foot = words["foot"].format(prose.whole(10, 99), 1, prose.whole(1, 4))
    blocks.append(line(foot, "page_footer"))
    tint = f"hsl({prose.whole(0, 359)},{prose.whole(0, 30)}%,{prose.whole(88, 95)}%)"
    ink = prose.pick(("inherit", "#1b2a7a", "#1b2a7a", "#222"))
    return Composition(
        tuple(blocks), a4(prose, (10.0, 12.0)), ("sans", "serif"), ("sans", "serif"),
        {"tint": tint, "hand-ink": ink},
    )  # fmt: skip


def _fields(
    prose: Prose, words: Phrases, keys: list[str], filled: float, boxed: bool
) -> list[Block]:
    colon = "" if boxed else words["colon"]
    pairs: list[Block] = []
    for key in keys:
        label = prose.pick(words.all(key))
        value = _value(prose, key) if prose.chance(filled) else ""
        pairs.append(Pair(text(f"{label}{colon}"), text(value), "boxed" if boxed else ""))
    rows: list[Block] = []
    while pairs:
        width = min(len(pairs), prose.whole(1, 2))
        rows.append(Group(tuple(pairs[:width]), "row") if width > 1 else pairs[0])
        pairs = pairs[width:]
    return rows


def _value(prose: Prose, key: str) -> str:
    match key:
        case "name":
            return prose.person()
        case "birth":
            return prose.date(*BIRTHS)
        case "place":
            return prose.pick(prose.corpus.words["place"])
        case "number":
            return f"{prose.pick('ABCEGKX')}{prose.whole(10**6, 10**8)}"
        case "address":
            return address(prose)[0]
        case "phone":
            return phone(prose)
        case "email":
            return f"user{prose.whole(1, 9999)}@example.{prose.pick(('com', 'org', 'net'))}"
        case "employer":
            return prose.organization()
        case "position":
            return prose.pick(phrases(prose.lang, "form").all("positions"))
    return prose.cash(prose.money(10, 9000))


def _checks(prose: Prose, words: Phrases, prompt: str, filled: float) -> list[Block]:
    options = words.all("options" if prose.chance(0.6) else "yesno")
    chosen = prose.whole(0, len(options) - 1) if filled else -1
    boxes = tuple(CheckBox(text(o), i == chosen) for i, o in enumerate(options))
    return [line(prompt), Group(boxes, "checks")]


def _grid(prose: Prose, words: Phrases, filled: float) -> Table:
    rows: list[tuple[TableCell, ...]] = [tuple(head(h) for h in words.all("heads"))]
    for _ in range(prose.whole(2, 4)):
        if prose.chance(filled):
            years = f"{prose.year_of(1990, 2010)}–{prose.year_of(2011, 2026)}"
            rows.append((cell(years), cell(prose.organization()), cell(prose.noun())))
        else:
            rows.append((cell(""), cell(""), cell("")))
    return Table(tuple(rows), look="grid")
