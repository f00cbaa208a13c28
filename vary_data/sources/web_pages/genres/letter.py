"""Letters: sender, recipient, date, subject, paragraphs, closing and name."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, a4, accent, line, running_text
from vary_data.sources.web_pages.genres.invoice import address, phone
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a letter."""
    prose.about()
    words = phrases(prose.lang, "letter")
    sender: list[Block] = [line(prose.organization(), look="name")]
    sender += [line(part) for part in (*address(prose), phone(prose))]
    head: list[Block] = [Group(tuple(sender), "sender")]
    if prose.chance(0.5):
        logo = Figure(Art("emblem", prose.whole(0, 2**31), 1.0), look="logo")
        head.insert(0 if prose.chance(0.5) else 1, logo)
    name = prose.person()
    recipient = Group(tuple(line(part) for part in (name, *address(prose))), "recipient")
    prose.fixed["person"] = name
    subject = prose.fill(prose.pick(words.all("subject")), prose.heading())
    share = prose.dense
    body = running_text(prose, prose.whole(500, 1500) // share, (2, 4))
    end: list[Block] = [line(prose.say("closing")), line(prose.person(), look="signature")]
    if prose.chance(0.4):
        end.append(line(prose.fill(words["enclosures"], prose.heading()), look="small"))
    blocks: list[Block] = [
        Group(tuple(head), "row head"),
        recipient,
        line(prose.date(), "date"),
        line(subject, look="subject"),
        line(prose.say("greeting")),
        *body,
        Group(tuple(end), "end"),
    ]
    return Composition(
        tuple(blocks), a4(prose, (10.5, 12.0)), ("serif", "sans", "kai"), ("sans", "serif"),
        {"accent": accent(prose)},
    )  # fmt: skip
