"""Read displays, theorems, abstracts and other environments into nodes."""

from __future__ import annotations

import re

from renderers.latex.blocks import TheoremStyle
from vary_data.sources.arxiv.expand.state import Theorem
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_optional
from vary_data.sources.arxiv.structure.displays import split_display
from vary_data.sources.arxiv.structure.front_matter import keywords
from vary_data.sources.arxiv.structure.headings import keyword_label
from vary_data.sources.arxiv.structure.nodes import (
    DisplayNode,
    HeadingNode,
    RejectedNode,
    TextNode,
)
from vary_data.sources.arxiv.structure.walker import BLOCK_SOURCE, LABEL, Walker
from vary_data.sources.arxiv.vocabulary import environments as known

_TITLE_AND_KEY = re.compile(r"\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
"""Arguments of the theorems of elegantbook."""
_REMARKS = ("remark", "note", "claim", "case", "observation", "注", "断言")
_DEFINITIONS = (
    *("definition", "example", "exercise", "problem", "assumption", "axiom", "question"),
    *("notation", "solution", "answer", "定义", "例", "练习", "假设", "公理", "解", "答"),
)
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
    value, format = walker.counters.values["equation"], walker.counters.formats.get("equation")
    anchor, walker.anchor = walker.anchor, Label(number, "equation")
    walker.counters.formats["equation"] = f"{number}\\alph{{equation}}"
    walker.counters.values["equation"] = 0
    before = len(walker.buffer)
    walker.walk(content)
    for piece in walker.buffer[before:]:
        for match in LABEL.finditer(piece):
            walker.labels.setdefault(match.group(1).strip(), walker.anchor)
    walker.counters.values["equation"] = value
    walker.counters.formats.pop("equation")
    if format is not None:
        walker.counters.formats["equation"] = format
    walker.anchor = anchor


def read_theorem(walker: Walker, name: str, content: str) -> None:
    """Reads paragraphs; the name and number of a theorem or proof come before the first."""
    walker.end_run_in()
    theorem = walker.expanded.theorems.get(name)
    starred = name.endswith("*")
    if theorem is None:
        usual = known.THEOREMS.get(name) or known.THEOREMS[name.rstrip("*")]
        title = usual.chinese if walker.lang == "zh" else usual.english
        theorem = Theorem(title, name, "", usual.numbered and not starred)
        if walker.elegant and walker.has_chapters:
            walker.counters.parents.setdefault(name, "chapter")
    note, position = read_optional(content, 0)
    if walker.elegant and note is None and name in known.THEOREMS and known.THEOREMS[name].numbered:
        match = _TITLE_AND_KEY.match(content, position)
        if match:
            note, position = match.group(1), match.end()
            _elegant_label(walker, name, theorem, match.group(2))
    label = theorem.title
    if name in ("proof", "pf") and note:
        label, note = note, None
    outer = walker.anchor
    if theorem.numbered:
        number = walker.counters.step(theorem.counter)
        walker.anchor = Label(number, theorem.title)
        label = f"{label} {number}"
    if note and note.strip():
        label = f"{label} ({note.strip()})"
    walker.run_in = label.rstrip(".:。：") + "."
    outer_style, walker.style = walker.style, _style(name, theorem)
    walker.walk(content[position:])
    walker.end_run_in()
    if walker.style == "proof":
        _end_proof(walker)
    walker.anchor, walker.style = outer, outer_style


def _style(name: str, theorem: Theorem) -> TheoremStyle:
    """The style of a theorem by its usual use: sources define theirs in too many ways."""
    if name in ("proof", "pf"):
        return "proof"
    title = theorem.title.casefold()
    if any(word in title for word in _REMARKS):
        return "remark"
    return "definition" if any(word in title for word in _DEFINITIONS) else "plain"


def _end_proof(walker: Walker) -> None:
    """The end mark is in the last paragraph, or in its own one after a formula or list."""
    last = walker.nodes[-1] if walker.nodes else None
    if isinstance(last, TextNode) and last.style == "proof":
        last.ends_proof = True
    else:
        walker.nodes.append(TextNode("", style="proof", ends_proof=True))


def _elegant_label(walker: Walker, name: str, theorem: Theorem, key: str) -> None:
    """elegantbook builds the label `prefix:key` from the second argument."""
    prefixes = {"theorem": "thm", "definition": "def", "lemma": "lem", "corollary": "cor",
                "proposition": "pro"}  # fmt: skip
    value = walker.counters.values.get(theorem.counter, 0)
    number = walker.counters.step(theorem.counter)
    walker.counters.values[theorem.counter] = value
    if key.strip():
        label = Label(number, theorem.title)
        walker.labels.setdefault(f"{prefixes.get(name, name)}:{key.strip()}", label)


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
