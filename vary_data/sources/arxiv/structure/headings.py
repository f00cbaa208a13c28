"""Read headings, title pages and commands for counters."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.front_matter import (
    affiliation,
    authors,
    institutes,
    keywords,
)
from vary_data.sources.arxiv.structure.list_items import set_list_options
from vary_data.sources.arxiv.structure.nodes import HeadingNode, Node, RejectedNode
from vary_data.sources.arxiv.structure.walker import LABEL, Walker
from vary_data.sources.arxiv.vocabulary import environments as known


def read_heading(walker: Walker, name: str, source: str, position: int) -> int:
    """Reads a heading with its number, or the run-in heading of a paragraph."""
    starred = source.startswith("*", position)
    _, position = read_optional(source, position + starred)
    title, position = read_argument(source, position)
    walker.end_run_in()
    level = known.HEADINGS.index(name)
    number = ""
    deepest = 3 if walker.has_chapters else 4  # levels of HEADINGS that the classes number
    if not starred and level <= deepest and name != "part":
        number = walker.counters.step(name)
        kind = "chapter" if name == "chapter" else "section"
        kind = "appendix" if walker.in_appendix and level < 3 else kind
        walker.anchor = Label(number, kind, LABEL.sub("", title).strip())
    else:
        walker.anchor = Label(
            walker.anchor.number, walker.anchor.kind, LABEL.sub("", title).strip()
        )
    walker.label_all(title, walker.anchor)
    title = LABEL.sub("", title)
    if name in ("paragraph", "subparagraph"):
        walker.run_in = title.strip()
        return position
    if name == "chapter" and number:
        number = _chapter_number(walker, number)
    shift = 0 if walker.has_chapters else 1
    walker.nodes.append(HeadingNode(max(1, level - shift), title, number))
    return position


def _chapter_number(walker: Walker, number: str) -> str:
    if walker.lang == "zh":
        return f"附录{number}" if walker.in_appendix else f"第{number}章"
    return f"Appendix {number}" if walker.in_appendix else f"Chapter {number}"


def add_title(walker: Walker, title: str) -> None:
    """The title of the document."""
    walker.title = ""
    walker.end_paragraph()
    title = re.sub(
        r"\\(?:thanks|footnote|titlenote|tnoteref)\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", title
    )
    walker.nodes.append(HeadingNode(0, LABEL.sub("", title).replace("\\\\", " ")))
    walker.nodes.extend(walker.front)
    walker.front = []


def start_appendix(walker: Walker) -> None:
    """From here on, letters number the top level."""
    top = "chapter" if walker.has_chapters else "section"
    walker.in_appendix = True
    walker.counters.set(top, 0)
    walker.counters.formats[top] = f"\\Alph{{{top}}}"


def read_front_matter(walker: Walker, name: str, source: str, position: int) -> int:
    """Reads authors, affiliations and keywords where the document has them."""
    nodes, position = front_matter(walker, name, source, position)
    walker.end_paragraph()
    walker.nodes.extend(nodes)
    return position


def front_matter(walker: Walker, name: str, source: str, position: int) -> tuple[list[Node], int]:
    """The nodes of a command of the title page, and the position after it.

    Raises:
        Rejected: an argument that is not complete.
    """
    position += source.startswith("*", position)
    option, position = read_optional(source, position)
    content, position = read_argument(source, position)
    role = known.BLOCK_COMMANDS[name].role
    if name == "institute":
        return institutes(content), position
    if role == "author":
        return authors(content, option, walker.affiliations), position
    if role == "keywords":
        return keywords(content, keyword_label(walker.lang, name)), position
    return affiliation(content, option, walker.affiliations), position


def keyword_label(lang: str, name: str) -> str:
    """What a class prints before index terms."""
    if lang == "zh" and name != "ekeywords":
        return "关键词："
    return "Index Terms—" if name == "IEEEkeywords" else "Keywords:"


def reject_front_matter_command(walker: Walker, name: str, source: str, position: int) -> int:
    """Rejects what a command of the title page would print; returns the position after it."""
    start = position
    for kind in known.BLOCK_COMMANDS[name].signature:
        if kind == "o":
            _, position = read_optional(source, position)
        else:
            _, position = read_argument(source, position)
    content = source[start:position]
    if content.strip("{}[] \n"):
        walker.deferred.append(RejectedNode("front-matter", "no-block", "\\" + name, content))
    return position


def run_counter_command(walker: Walker, name: str, source: str, position: int) -> int:
    """Runs a command that changes or redefines a counter; returns the position after it."""
    if name in ("setlist", "setenumerate", "newlist", "renewlist"):
        return _list_command(walker, name, source, position)
    if name in ("counterwithin", "counterwithout"):
        position += source.startswith("*", position)
    counter, position = read_argument(source, position)
    counter = counter.strip()
    if name in ("stepcounter", "refstepcounter"):
        number = walker.counters.step(counter)
        if name == "refstepcounter":
            walker.anchor = Label(number, counter)
        return position
    if name == "newcounter":
        within, position = read_optional(source, position)
        walker.counters.set(counter, 0)
        if within:
            walker.counters.parents[counter] = within.strip()
        return position
    value, position = read_argument(source, position)
    if name == "VaryFormat":
        walker.counters.formats[counter] = value
    elif name in ("numberwithin", "counterwithin"):
        walker.counters.within(counter, value.strip())
    elif name == "counterwithout":
        walker.counters.within(counter, "")
    elif re.fullmatch(r"\s*-?\d{1,6}\s*", value):
        base = walker.counters.values.get(counter, 0) if name == "addtocounter" else 0
        walker.counters.set(counter, base + int(value))
    return position


def _list_command(walker: Walker, name: str, source: str, position: int) -> int:
    """Runs `\\setlist[enumerate,1]{label=..}` or `\\newlist{name}{enumerate}{3}` of enumitem."""
    if name.endswith("newlist"):
        own, position = read_argument(source, position)
        kind, position = read_argument(source, position)
        if kind.strip() in known.ENVIRONMENTS and own.strip() not in known.ENVIRONMENTS:
            walker.own_lists[own.strip()] = kind.strip()
        return read_argument(source, position)[1]
    position += source.startswith("*", position)
    names, position = read_optional(source, position)
    options, position = read_argument(source, position)
    names = f"enumerate,{names or ''}" if name == "setenumerate" else names or ""
    set_list_options(walker.counters.formats, names, options)
    return position
