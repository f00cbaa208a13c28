"""Expanded source to a tree of nodes, with everything numbered and every label resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vary_data.sources.arxiv.errors import Unfit
from vary_data.sources.arxiv.expand.expander import Expanded
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import argument, environment_end, optional
from vary_data.sources.arxiv.structure.floats import (
    caption,
    deluxetable,
    float_environment,
    subfloat,
    subfloat_command,
    tabular,
)
from vary_data.sources.arxiv.structure.headings import (
    counter_command,
    front_matter,
    heading,
    start_appendix,
    title_heading,
)
from vary_data.sources.arxiv.structure.lists import bibliography_list, inline_list, list_environment
from vary_data.sources.arxiv.structure.nodes import (
    HeadingNode,
    Node,
    RefusedNode,
    TextNode,
    node_kind,
    node_source,
)
from vary_data.sources.arxiv.structure.passages import (
    abstract,
    display,
    front_matter_environment,
    inline_math,
    pictures,
    programs,
    subequations,
    theorem,
    transparent,
)
from vary_data.sources.arxiv.structure.walker import BLOCKISH, COUNTER_COMMANDS, Readers, Walker
from vary_data.sources.arxiv.vocabulary import environments as known


@dataclass(slots=True)
class Structure:
    nodes: list[Node]
    labels: dict[str, Label]


def read_structure(expanded: Expanded, lang: str, max_depth: int) -> Structure:
    """The nodes of a document's body in order."""
    readers = Readers(display, _environment, heading, _command)
    walker = Walker(expanded, lang, max_depth, readers)
    _preamble(walker)
    walker.walk(expanded.body)
    walker.end_run_in()
    return Structure(walker.nodes, walker.labels)


def _preamble(walker: Walker) -> None:
    source = walker.expanded.preamble
    for match in re.finditer(rf"\\({COUNTER_COMMANDS}|title)(?![A-Za-z@])", source):
        try:
            if match.group(1) == "title":
                _, position = optional(source, match.end())
                walker.title = argument(source, position)[0]
            else:
                counter_command(walker, match.group(1), source, match.end())
        except Unfit:
            continue
    for name, declared in walker.expanded.theorems.items():
        if declared.within:
            walker.counters.within(name, declared.within)


def _environment(walker: Walker, name: str, source: str, position: int) -> int:
    start, end = environment_end(source, position, name)
    handler = _handler(walker, name)
    content = source[position:start]
    if handler is None:
        walker.flush()
        for node in walker.inner(content) or [TextNode(content)]:
            walker.refuse(node_kind(node), "unknown-environment", name, node_source(node))
    else:
        handler(walker, name, content)
    return end


Handler = Callable[[Walker, str, str], None]

_BEFORE_THEOREMS: dict[known.Role, Handler] = {
    "display": display,
    "tabular": tabular,
    "float": float_environment,
    "subfloat": subfloat,
}
"""Environments that a document's own theorem of the same name does not replace."""
_AFTER_THEOREMS: dict[known.Role, Handler] = {
    "inline_list": inline_list,
    "list": list_environment,
    "transparent": transparent,
    "picture": pictures,
    "program": programs,
    "front_matter": front_matter_environment,
    "abstract": abstract,
    "subequations": subequations,
    "bibliography": bibliography_list,
    "deluxetable": deluxetable,
    "inline_math": inline_math,
}


def _handler(walker: Walker, name: str) -> Handler | None:
    environment = known.ENVIRONMENTS.get(name)
    role = environment.role if environment else "unsupported"
    if role in _BEFORE_THEOREMS:
        return _BEFORE_THEOREMS[role]
    if name in walker.expanded.theorems or _known_theorem(name):
        return theorem
    return _AFTER_THEOREMS.get(role)


def _known_theorem(name: str) -> bool:
    unstarred = known.THEOREMS.get(name.rstrip("*"))
    return name in known.THEOREMS or (unstarred is not None and unstarred.numbered)


def _command(walker: Walker, name: str, source: str, match: re.Match[str]) -> int:
    position = match.end()
    if name == "item":  # outside a list
        walker.flush()
        return position
    if name in ("caption", "subcaption"):
        return caption(walker, source, position)
    if name == "captionof":
        kind, position = argument(source, position)
        return caption(walker, source, position, kind.strip())
    block_command = known.BLOCK_COMMANDS.get(name)
    if block_command is not None and block_command.role == "box":
        return _box(walker, name, source, match)
    if re.fullmatch(COUNTER_COMMANDS, name):
        return counter_command(walker, name, source, position)
    if name == "appendix":
        start_appendix(walker)
        return position
    if name == "title":
        _, position = optional(source, position)
        title, position = argument(source, position)
        title_heading(walker, title)
        return position
    if name == "maketitle":
        walker.flush()
        if walker.title:
            title_heading(walker, walker.title)
        return position
    if name == "abstract":
        content, position = argument(source, position)
        abstract(walker, "abstract", content)
        return position
    if name in ("acknowledgments", "acknowledgement", "acknowledgments", "acknowledgment"):
        walker.flush()
        walker.nodes.append(HeadingNode(1, "Acknowledgments"))
        return position
    if name in ("bibliography", "printbibliography"):
        walker.flush()
        _, position = optional(source, position)
        return argument(source, position)[1] if name == "bibliography" else position
    if name == "lstinputlisting":
        _, position = optional(source, position)
        file, position = argument(source, position)
        walker.block(RefusedNode("code", "verbatim", file, ""))
        return position
    return front_matter(walker, name, source, position)


def _box(walker: Walker, name: str, source: str, match: re.Match[str]) -> int:
    position = match.end()
    first: list[str] = []
    for kind in known.BLOCK_COMMANDS[name].signature:
        if kind == "s":
            position += source.startswith("*", position)
        elif kind == "o":
            content, position = optional(source, position)
            first.append(content or "")
        else:
            content, position = argument(source, position)
            first.append(content)
    content, end = argument(source, position)
    if name in ("subfloat", "subcaptionbox"):
        subfloat_command(walker, first, content)
        return end
    if not BLOCKISH.search(content):
        walker.buffer.append(source[match.start() : end])
    else:
        walker.walk(content)
    return end
