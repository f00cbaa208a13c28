"""Sheets for the blocks of documents: a flow of text in columns, or a web page."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.web.document import (
    Block,
    Code,
    DisplayFormula,
    Group,
    ItemList,
    Span,
    Table,
    TextBlock,
    plain,
)
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition, Sheet, accent, capacity, line
from vary_data.sources.web_pages.documents.blocks import Setting

GENRES = ("academic", "report", "textbook", "magazine", "web_article")
"""Genres that documents can be set as."""
SIZES = {"academic": (8.8, 10.8), "textbook": (10.0, 12.0)}
"""Sizes of the body text in points."""
PAPERS = ((595.0, 842.0), (516.0, 729.0), (420.0, 595.0), (365.0, 516.0))
"""Papers in points, from A4 to half of B4: short content is a page of a small book."""
FILLED = 0.85
"""Share of a sheet that its content must fill by estimate."""
LONGEST = 2.4
"""Height of a web page by its width, at most."""
WEB_SHARE = 0.5
"""Share of a web page's room for text that is used: headings and gaps take the rest."""
NARROW_CODE, NARROW_TABLE = 34, 4
"""Characters of a program's line, and cells of a table's row, that fit one of several columns."""
LINE = 45
"""Characters that the rest of a paragraph's last line takes the place of."""
MAX_HEAD = 60
"""Characters of a section's title that is repeated as running head."""


def compose_document(prose: Prose, genre: str, setting: Setting) -> Composition:
    """A page of a document in one of `GENRES`; what does not fit is not on it."""
    if genre == "web_article":
        return _web_page(prose, setting)
    columns = {"academic": (1, 2), "magazine": (2, 2, 3)}.get(genre, (1,))
    wide = any(map(_is_wide, setting.blocks))
    count = 1 if wide else prose.pick(columns)
    size = prose.rng.uniform(*SIZES.get(genre, (9.4, 11.2)))
    sheet = _sheet(prose, _extent(setting), size, PAPERS[:2] if wide or count > 1 else PAPERS)
    blocks: list[Block] = []
    head = _running_head(setting.blocks)
    if head and prose.chance(0.6):
        blocks.append(Group((line(head, "page_header"),), "furniture"))
    blocks.append(Group(tuple(setting.blocks), "", flow=True, columns=count))
    if setting.notes:
        blocks.append(Group(tuple(setting.notes), "notes"))
    number = line(str(prose.whole(1, 400)), "page_number")
    blocks.append(Group((number,), "furniture below middle"))
    variables = {"accent": accent(prose), "title-size": f"{prose.rng.uniform(1.6, 2.4):.2f}rem"}
    looks = ("academic.journal",) if genre == "academic" and count > 1 else ()
    body = ("serif", "sans") if genre != "textbook" else ("serif", "sans", "kai")
    head_styles = ("serif", "sans") if genre == "academic" else ("sans", "serif")
    return Composition(tuple(blocks), sheet, body, head_styles, variables, looks=looks)


def _web_page(prose: Prose, setting: Setting) -> Composition:
    """A page as long as its content, which ends where the longest sheet would be full."""
    sheet = Sheet(prose.rng.uniform(820, 980), None, prose.rng.uniform(13, 15.5), LONGEST)
    room = WEB_SHARE * capacity(prose, sheet.width - 120, sheet.tallest, sheet.size)
    kept: list[Block] = []
    for block in setting.blocks:
        room -= _characters(block)
        if kept and room < 0:
            break
        kept.append(block)
    article = Group(tuple(kept), "column article")
    styles = ("sans", "serif")
    variables = {"accent": accent(prose)}
    return Composition((Group((article,), "row body"),), sheet, styles, styles, variables)


def _sheet(prose: Prose, wanted: int, size: float, papers: Sequence[tuple[float, float]]) -> Sheet:
    """The largest paper that the content fills, else the smallest one."""
    for width, height in papers:
        if wanted >= FILLED * capacity(prose, width - 110, height - 130, size):
            break
    return Sheet(width, height, size)


def _is_wide(block: Block) -> bool:
    """Whether a block does not fit a narrow column or a small sheet."""
    if isinstance(block, Code):
        return max(map(len, block.lines)) > NARROW_CODE
    return isinstance(block, Table) and max(map(len, block.rows)) > NARROW_TABLE


def _extent(setting: Setting) -> int:
    """About how many characters the blocks take the place of."""
    return sum(map(_characters, (*setting.blocks, *setting.notes)))


def _characters(block: Block) -> int:
    match block:
        case TextBlock():
            return len(plain(block.content)) + LINE
        case DisplayFormula():
            return 4 * LINE
        case Code():
            return LINE * len(block.lines)
        case Table():
            return 2 * LINE * len(block.rows)
        case ItemList():
            own = sum(len(plain(item.content)) + LINE for item in block.items)
            return own + sum(_characters(b) for item in block.items for b in item.blocks)
    return 0


def _running_head(blocks: Sequence[Block]) -> str:
    """The title of the first section, if it is short and plain."""
    for block in blocks:
        if isinstance(block, TextBlock) and block.role == "section_header":
            plain = "".join(p.text for p in block.content if isinstance(p, Span))
            return plain if len(block.content) == 1 and len(plain) <= MAX_HEAD else ""
    return ""
