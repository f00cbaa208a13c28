"""Certificates: a frame, a name in large letters, a course, signatures, a seal."""

from __future__ import annotations

from renderers.web.document import Art, Block, Figure, Group, Pair, text
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, line
from vary_data.sources.web_pages.phrases import phrases


def compose(prose: Prose) -> Composition:
    """Compose a certificate."""
    words = phrases(prose.lang, "certificate")
    wide = prose.chance(0.65)
    sheet = Sheet(842.0, 595.0, 17.0) if wide else Sheet(595.0, 842.0, 14.5)
    course = prose.fill(prose.pick(words.all("for")), prose.heading())
    blocks: list[Block] = [
        line(prose.organization(), look="brand"),
        line(prose.pick(words.all("titles")), "title"),
        line(prose.pick(words.all("given")), look="small"),
        line(prose.person(), look="name"),
        line(course),
    ]
    if prose.chance(0.5):
        blocks.append(line(prose.sentence(), look="small"))
    signs = [
        Group((line(prose.person(), look="signature"), line(role, look="small")), "sign")
        for role in words.all("roles")[: prose.whole(1, 3)]
    ]
    seal = Figure(Art("emblem", prose.whole(0, 2**31), 1.0), look="seal")
    signs.insert(prose.whole(0, len(signs)), Group((seal,), "sign"))
    dated = Pair(text(f"{words['date']}{words['colon']}"), text(prose.date()))
    foot = (dated, line(words["number"].format(prose.whole(1000, 99999)), look="small"))
    blocks += [Group(tuple(signs), "row signs"), Group(foot, "row foot")]
    frame = Group(tuple(blocks), "frame")
    variables = {
        "accent": accent(prose),
        "paper": prose.pick(("#fff", "#fdf9ec", "#f7f2e2", "#f4f7fb")),
    }
    return Composition((frame,), sheet, ("serif", "kai"), ("serif", "kai", "sans"), variables)
