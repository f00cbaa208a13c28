"""Read expanded source into a tree of nodes, numbered and with resolved labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.expand.expanded import Expanded
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.figures import PICTURE_COMMANDS
from vary_data.sources.arxiv.structure.floats import (
    read_caption,
    read_deluxetable,
    read_float,
    read_picture_command,
    read_subfloat,
    read_subfloat_command,
    read_table_notes,
    read_tabular,
)
from vary_data.sources.arxiv.structure.front_matter import joined_authors, title_first
from vary_data.sources.arxiv.structure.headings import (
    add_title,
    front_matter,
    read_front_matter,
    read_heading,
    reject_front_matter_command,
    run_counter_command,
    start_appendix,
)
from vary_data.sources.arxiv.structure.lists import (
    read_bibliography_list,
    read_inline_list,
    read_list,
)
from vary_data.sources.arxiv.structure.nodes import (
    HeadingNode,
    Node,
    RejectedNode,
    TextNode,
    node_kind,
    node_source,
)
from vary_data.sources.arxiv.structure.passages import (
    read_abstract,
    read_declaration,
    read_display,
    read_inline_math,
    read_keywords,
    read_subequations,
    read_transparent,
    reject_front_matter,
    reject_picture,
    reject_program,
    reject_restated,
)
from vary_data.sources.arxiv.structure.programs import read_algorithm, read_code
from vary_data.sources.arxiv.structure.theorems import read_box, read_theorem
from vary_data.sources.arxiv.structure.walker import BLOCK_SOURCE, COUNTER_COMMANDS, Readers, Walker
from vary_data.sources.arxiv.vocabulary import environments as known
from vary_data.sources.arxiv.vocabulary.text_commands import DECLARATIONS


@dataclass(slots=True)
class Structure:
    """The nodes of a document in reading order, and its labels."""

    nodes: list[Node]
    labels: dict[str, Label]


_TITLE_PAGE = frozenset(
    name
    for name, command in known.BLOCK_COMMANDS.items()
    if command.role in ("author", "affiliation", "keywords")
)
FRONT_MATTER = "|".join(sorted(_TITLE_PAGE))


def read_structure(
    expanded: Expanded, lang: str, max_depth: int, figures: bool = False
) -> Structure:
    """The nodes of a document's body in order; without `figures`, only their captions."""
    readers = Readers(read_display, _environment, read_heading, _command, read_code)
    walker = Walker(expanded, lang, max_depth, readers, figures)
    _preamble(walker)
    walker.walk(expanded.body)
    walker.end_run_in()
    return Structure(joined_authors(title_first(walker.nodes)), walker.labels)


def _preamble(walker: Walker) -> None:
    source = walker.expanded.preamble
    done = 0
    for match in re.finditer(rf"\\({COUNTER_COMMANDS}|title|{FRONT_MATTER})(?![A-Za-z@])", source):
        try:
            if match.group(1) in _TITLE_PAGE:
                if match.start() >= done:  # an address may hold an \\email
                    nodes, done = front_matter(walker, match.group(1), source, match.end())
                    walker.front += nodes
            elif match.group(1) == "title":
                _, position = read_optional(source, match.end())
                walker.title = read_argument(source, position)[0]
            else:
                run_counter_command(walker, match.group(1), source, match.end())
        except Rejected:
            continue
    for name, declared in walker.expanded.theorems.items():
        if declared.within:
            walker.counters.within(name, declared.within)


def _environment(walker: Walker, name: str, content: str) -> None:
    handler = _handler(walker, name)
    if handler is None:
        walker.end_paragraph()
        for node in walker.read_nested(content) or [TextNode(content)]:
            walker.reject(node_kind(node), "unknown-environment", name, node_source(node))
    else:
        handler(walker, name, content)


Handler = Callable[[Walker, str, str], None]

_BEFORE_THEOREMS: dict[known.Role, Handler] = {
    "display": read_display,
    "tabular": read_tabular,
    "float": read_float,
    "subfloat": read_subfloat,
}
"""Environments that a document's own theorem of the same name does not replace."""
_AFTER_THEOREMS: dict[known.Role, Handler] = {
    "inline_list": read_inline_list,
    "list": read_list,
    "transparent": read_transparent,
    "picture": reject_picture,
    "program": reject_program,
    "algorithm": read_algorithm,
    "front_matter": reject_front_matter,
    "abstract": read_abstract,
    "keywords": read_keywords,
    "subequations": read_subequations,
    "bibliography": read_bibliography_list,
    "deluxetable": read_deluxetable,
    "table_notes": read_table_notes,
    "inline_math": read_inline_math,
    "box": read_box,
    "restated": reject_restated,
}


def _handler(walker: Walker, name: str) -> Handler | None:
    environment = known.ENVIRONMENTS.get(walker.own_lists.get(name, name))
    role = environment.role if environment else "unsupported"
    if role in _BEFORE_THEOREMS:
        return _BEFORE_THEOREMS[role]
    if name in walker.expanded.theorems or _known_theorem(name):
        return read_theorem
    if role == "unsupported" and name in DECLARATIONS:
        return read_declaration
    return _AFTER_THEOREMS.get(role)


def _known_theorem(name: str) -> bool:
    unstarred = known.THEOREMS.get(name.rstrip("*"))
    return name in known.THEOREMS or (unstarred is not None and unstarred.numbered)


def _command(walker: Walker, name: str, source: str, match: re.Match[str]) -> int:
    position = match.end()
    if name == "item":  # outside a list
        walker.end_paragraph()
        return position
    if name in ("caption", "subcaption"):
        return read_caption(walker, source, position)
    if name == "captionof":
        kind, position = read_argument(source, position)
        return read_caption(walker, source, position, kind.strip())
    if re.fullmatch(PICTURE_COMMANDS, name):
        return read_picture_command(walker, name, source, match)
    block_command = known.BLOCK_COMMANDS.get(name)
    if block_command is not None and block_command.role == "box":
        return _box(walker, name, source, match)
    if re.fullmatch(COUNTER_COMMANDS, name):
        return run_counter_command(walker, name, source, position)
    if name == "appendix":
        start_appendix(walker)
        return position
    if name == "title":
        _, position = read_optional(source, position)
        title, position = read_argument(source, position)
        add_title(walker, title)
        return position
    if name == "maketitle":
        walker.end_paragraph()
        if walker.title:
            add_title(walker, walker.title)
        return position
    if name == "abstract":
        content, position = read_argument(source, position)
        read_abstract(walker, "abstract", content)
        return position
    if name in ("acknowledgments", "acknowledgement", "acknowledgments", "acknowledgment"):
        walker.end_paragraph()
        walker.nodes.append(HeadingNode(1, "Acknowledgments"))
        return position
    if name in ("bibliography", "printbibliography"):
        walker.end_paragraph()
        _, position = read_optional(source, position)
        return read_argument(source, position)[1] if name == "bibliography" else position
    if name == "lstinputlisting":
        _, position = read_optional(source, position)
        file, position = read_argument(source, position)
        walker.add_block(RejectedNode("code", "verbatim", file, ""))
        return position
    if name in _TITLE_PAGE:
        return read_front_matter(walker, name, source, position)
    return reject_front_matter_command(walker, name, source, position)


def _box(walker: Walker, name: str, source: str, match: re.Match[str]) -> int:
    position = match.end()
    first: list[str] = []
    for kind in known.BLOCK_COMMANDS[name].signature:
        if kind == "s":
            position += source.startswith("*", position)
        elif kind == "o":
            content, position = read_optional(source, position)
            first.append(content or "")
        else:
            content, position = read_argument(source, position)
            first.append(content)
    content, end = read_argument(source, position)
    if name in ("subfloat", "subcaptionbox"):
        read_subfloat_command(walker, first, content)
        return end
    if not BLOCK_SOURCE.search(content):
        walker.buffer.append(source[match.start() : end])
    else:
        walker.walk(content)
    return end
