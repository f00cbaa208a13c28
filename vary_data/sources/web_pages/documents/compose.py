"""Sheets for the blocks of documents: a flow of text in columns, or a web page."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.web.document import Block, Group, Span, TextBlock
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, a4, accent, line
from vary_data.sources.web_pages.documents.blocks import Setting

GENRES = ("academic", "report", "textbook", "magazine", "web_article")
"""Genres that documents can be set as."""
MAX_HEAD = 60
"""Characters of a section's title that is repeated as running head."""


def compose_document(prose: Prose, genre: str, setting: Setting) -> Composition:
    """A page of a document in one of `GENRES`; what does not fit a sheet of paper is not on it."""
    if genre == "web_article":
        sheet = Sheet(prose.rng.uniform(820, 980), None, prose.rng.uniform(13, 15.5), 2.4)
        article = Group((*setting.blocks, *setting.notes), "column article")
        styles = ("sans", "serif")
        return Composition(
            (Group((article,), "row body"),), sheet, styles, styles, {"accent": accent(prose)}
        )
    columns = {"academic": (1, 2), "magazine": (2, 2, 3)}.get(genre, (1,))
    count = prose.pick(columns)
    blocks: list[Block] = []
    head = _running_head(setting.blocks)
    if head and prose.chance(0.6):
        blocks.append(Group((line(head, "page_header"),), "furniture"))
    blocks.append(Group(tuple(setting.blocks), "", flow=True, columns=count))
    if setting.notes:
        blocks.append(Group(tuple(setting.notes), "notes"))
    number = line(str(prose.whole(1, 400)), "page_number")
    blocks.append(Group((number,), "furniture below middle"))
    size = {"academic": (8.8, 10.8), "textbook": (10.0, 12.0)}.get(genre, (9.4, 11.2))
    variables = {"accent": accent(prose), "title-size": f"{prose.rng.uniform(1.6, 2.4):.2f}rem"}
    looks = ("academic.journal",) if genre == "academic" and count > 1 else ()
    body = ("serif", "sans") if genre != "textbook" else ("serif", "sans", "kai")
    head_styles = ("serif", "sans") if genre == "academic" else ("sans", "serif")
    return Composition(tuple(blocks), a4(prose, size), body, head_styles, variables, looks=looks)


def _running_head(blocks: Sequence[Block]) -> str:
    """The title of the first section, if it is short and plain."""
    for block in blocks:
        if isinstance(block, TextBlock) and block.role == "section_header":
            plain = "".join(p.text for p in block.content if isinstance(p, Span))
            return plain if len(block.content) == 1 and len(plain) <= MAX_HEAD else ""
    return ""
