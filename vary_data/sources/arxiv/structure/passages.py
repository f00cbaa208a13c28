"""Read displays, theorems, abstracts and other environments into nodes."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.structure.displays import split_display
from vary_data.sources.arxiv.structure.front_matter import keywords
from vary_data.sources.arxiv.structure.headings import keyword_label
from vary_data.sources.arxiv.structure.nodes import (
    DisplayNode,
    HeadingNode,
    RejectedNode,
)
from vary_data.sources.arxiv.structure.walker import BLOCK_SOURCE, LABEL, Walker

_ACKNOWLEDGEMENTS = re.compile(r"(?i)ack(?:s|nowledge?ments?)?$")


def read_transparent(walker: Walker, name: str, content: str) -> None:
    """Reads the content of an environment, ignoring the environment itself."""
    walker.end_paragraph()
    if _ACKNOWLEDGEMENTS.match(name):
        walker.nodes.append(HeadingNode(1, "致谢" if walker.lang == "zh" else "Acknowledgements"))
    walker.walk(walker.arguments(name, content))
    walker.end_paragraph()


def read_declaration(walker: Walker, name: str, content: str) -> None:
    """Reads `\\begin{small}`, `\\begin{em}` and the like: a group in a style."""
    if BLOCK_SOURCE.search(content):
        walker.walk(content)
    else:
        walker.buffer.append(f"{{\\{name} {content}}}")


def read_abstract(walker: Walker, name: str, content: str) -> None:
    """A heading and the paragraphs of an abstract."""
    walker.end_run_in()
    usual = "摘要" if walker.lang == "zh" else "Abstract"
    heading = walker.expanded.names.get("abstractname", usual)
    walker.nodes.append(HeadingNode(1, "Abstract" if name == "eabstract" else heading))
    walker.role = "abstract"
    walker.walk(walker.arguments(name, content))
    walker.end_paragraph()
    walker.role = "paragraph"


def read_display(walker: Walker, name: str, content: str) -> None:
    """Numbers the rows of a display, resolves their labels and adds it."""
    for display in split_display(name, content):
        if isinstance(display, str):
            walker.end_paragraph()
            walker.buffer.append(display)
            walker.end_paragraph()
            continue
        tags: list[str | None] = []
        for row in display.rows:
            number = row.tag
            if number is None and row.numbered:
                number = walker.counters.step("equation")
            tags.append(number)
            for label in row.labels:
                walker.labels.setdefault(label, Label(number or "1", "equation"))
        if display.environment == "multline":  # one number, at the last row
            printed = [tag for tag in tags if tag is not None]
            tags = [*[None] * (len(tags) - 1), printed[-1] if printed else None]
        walker.add_block(
            DisplayNode(display.environment, [row.source for row in display.rows], tags)
        )


def read_subequations(walker: Walker, name: str, content: str) -> None:
    """Displays that share one number and differ by a letter."""
    number = walker.counters.step("equation")
    value = walker.counters.values["equation"]
    anchor, walker.anchor = walker.anchor, Label(number, "equation")
    walker.counters.formats["equation"] = f"{number}\\alph{{equation}}"
    walker.counters.values["equation"] = 0
    before = len(walker.buffer)
    walker.walk(content)
    for piece in walker.buffer[before:]:
        for match in LABEL.finditer(piece):
            walker.labels.setdefault(match.group(1).strip(), walker.anchor)
    walker.counters.values["equation"] = value
    walker.anchor = anchor


def reject_environment(walker: Walker, kind: str, name: str, content: str) -> None:
    """Rejects an environment for which there is no block; its label stays valid."""
    for match in LABEL.finditer(content):
        counter = "listing" if "listing" in name else "algorithm"
        if kind == "code" and "\\caption" in content:
            walker.labels.setdefault(match.group(1), Label(walker.counters.step(counter), counter))
    walker.deferred.append(RejectedNode(kind, "no-block", name, content))


def reject_picture(walker: Walker, name: str, content: str) -> None:
    """Rejects a drawing."""
    reject_environment(walker, "picture", name, content)


def reject_program(walker: Walker, name: str, content: str) -> None:
    """Rejects a program or pseudo-code."""
    reject_environment(walker, "code", name, content)


def reject_restated(walker: Walker, name: str, content: str) -> None:
    """Rejects a theorem that is printed again, by the command of `restatable`."""
    walker.deferred.append(RejectedNode("text", "restated", content, content))


def read_keywords(walker: Walker, name: str, content: str) -> None:
    """Reads index terms."""
    walker.end_paragraph()
    walker.nodes.extend(keywords(walker.arguments(name, content), keyword_label(walker.lang, name)))


def reject_front_matter(walker: Walker, name: str, content: str) -> None:
    """Rejects a title page or index terms."""
    reject_environment(walker, "front-matter", name, content)


def read_inline_math(walker: Walker, name: str, content: str) -> None:
    """`\\begin{math}`, an inline formula."""
    walker.buffer.append(f"\\({content}\\)")
