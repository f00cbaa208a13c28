"""Expanded source to a tree of nodes, with everything numbered and every label resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vary_data.sources.arxiv import environments as known
from vary_data.sources.arxiv.errors import Unfit
from vary_data.sources.arxiv.expand import Expanded
from vary_data.sources.arxiv.floats import (
    caption,
    deluxetable,
    float_environment,
    subfloat,
    subfloat_command,
    tabular,
)
from vary_data.sources.arxiv.flow import (
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
from vary_data.sources.arxiv.headings import (
    counter_command,
    front_matter,
    heading,
    start_appendix,
    title_heading,
)
from vary_data.sources.arxiv.list_nodes import bibliography_list, inline_list, list_environment
from vary_data.sources.arxiv.nodes import (
    HeadingNode,
    Node,
    RefusedNode,
    TextNode,
    node_kind,
    node_source,
)
from vary_data.sources.arxiv.references import Label
from vary_data.sources.arxiv.scan import argument, environment_end, optional
from vary_data.sources.arxiv.vocabulary import DISPLAY_ENVIRONMENTS
from vary_data.sources.arxiv.walker import BLOCKISH, COUNTER_COMMANDS, Readers, Walker


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


def _handler(walker: Walker, name: str) -> Callable[[Walker, str, str], None] | None:
    if name in DISPLAY_ENVIRONMENTS:
        return display
    if name in known.TABULARS:
        return tabular
    if name in known.FLOATS:
        return float_environment
    if name in known.SUBFLOATS:
        return subfloat
    if (
        name in walker.expanded.theorems
        or (name.rstrip("*") in known.THEOREMS and name not in known.LISTS)
        or name in known.UNNUMBERED_THEOREMS
    ):
        return theorem
    if name in known.INLINE_LISTS:
        return inline_list
    if name in known.LISTS:
        return list_environment
    if name in known.TRANSPARENT:
        return transparent
    if name in known.PICTURES:
        return pictures
    if name in known.ALGORITHMS:
        return programs
    if name in known.FRONT_MATTER:
        return front_matter_environment
    return {
        "abstract": abstract, "cabstract": abstract, "eabstract": abstract,
        "subequations": subequations, "thebibliography": bibliography_list,
        "deluxetable": deluxetable, "deluxetable*": deluxetable,
        "math": inline_math,
    }.get(name)  # fmt: skip


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
    if name in known.BOXES:
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
    for kind in known.BOXES[name]:
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
