"""Notes within an organization: to, from, date, subject, then text and lists."""

from __future__ import annotations

from renderers.web.document import Block, Form, Group, ItemList, ListItem, Pair, Rule, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, header, line, running_text
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.tables import data_table


def compose(prose: Prose) -> Composition:
    """Compose a memorandum."""
    prose.about()
    words = phrases(prose.lang, "memo")
    colon = words["colon"]
    values = {
        "to": prose.pick((words["all"], prose.person(), prose.organization())),
        "from": prose.person(),
        "copy": prose.person(),
        "date": prose.date(),
        "subject": prose.heading(),
    }
    if prose.chance(0.5):
        del values["copy"]
    pairs = [Pair(text(f"{words[key]}{colon}"), text(value)) for key, value in values.items()]
    blocks: list[Block] = [
        line(prose.organization(), "page_header"),
        line(prose.pick(words.all("title")), "title"),
        Form(tuple(pairs), "facts"),
        Rule("thin"),
    ]
    share = prose.dense
    blocks += running_text(prose, prose.whole(250, 700) // share, (2, 4))
    if prose.chance(0.7):
        blocks.append(header(prose.heading(), 2))
        mark = prose.pick(("•", "–", ""))
        items = [
            ListItem(mark or f"{n}.", text(prose.sentence())) for n in range(1, prose.whole(3, 6))
        ]
        blocks.append(ItemList(tuple(items)))
    if prose.chance(0.35):
        blocks.append(data_table(prose, 420, "grid"))
    blocks += running_text(prose, prose.whole(150, 400) // share, (1, 3))
    blocks.append(Group((line(values["from"], look="signature"),), "end"))
    return Composition(
        tuple(blocks), a4(prose, (10.5, 12.5)), ("serif", "sans", "mono"), ("sans", "serif")
    )
