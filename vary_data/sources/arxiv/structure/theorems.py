"""Read theorems, proofs and boxes with a title into nodes."""

from __future__ import annotations

import re

from renderers.latex.blocks import TheoremStyle
from vary_data.sources.arxiv.expand.state import Theorem
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_optional
from vary_data.sources.arxiv.structure.nodes import TextNode
from vary_data.sources.arxiv.structure.walker import Walker
from vary_data.sources.arxiv.vocabulary import environments as known

_TITLE_AND_KEY = re.compile(r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{([^{}]*)\}")
"""Arguments of the theorems of elegantbook and tcolorbox."""
_OPTION = re.compile(r"(?:^|,)\s*(\w+)\s*=\s*(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|[^,]*)")
_THEOREM_OPTION = re.compile(r"(?:^|,)\s*(?:label|name|title|note)\s*=")
_REMARKS = ("remark", "note", "claim", "case", "observation", "注", "断言")
_DEFINITIONS = (
    *("definition", "example", "exercise", "problem", "assumption", "axiom", "question"),
    *("notation", "solution", "answer", "定义", "例", "练习", "假设", "公理", "解", "答"),
)
_ELEGANT_PREFIXES = {"theorem": "thm", "definition": "def", "lemma": "lem", "corollary": "cor",
                     "proposition": "pro"}  # fmt: skip


def read_theorem(walker: Walker, name: str, content: str) -> None:
    """Reads paragraphs; the name and number of a theorem or proof come before the first."""
    walker.end_run_in()
    theorem = walker.expanded.theorems.get(name)
    if theorem is None:
        theorem = _usual(walker, name)
    note, keys, position = _note(walker, name, theorem, content)
    label = theorem.title
    if name in ("proof", "pf") and note:
        label, note = note, ""
    outer = walker.anchor
    if theorem.numbered:
        number = walker.counters.step(theorem.counter)
        walker.anchor = Label(number, theorem.title)
        label = f"{label} {number}"
    for key in keys:
        walker.labels.setdefault(key, walker.anchor)
    if note:
        label = f"{label} ({note})"
    walker.run_in = label.rstrip(".:。：") + "."
    outer_style, walker.style = walker.style, _style(name, theorem)
    walker.walk(content[position:])
    walker.end_run_in()
    if walker.style == "proof":
        _end_proof(walker)
    walker.anchor, walker.style = outer, outer_style


def read_box(walker: Walker, name: str, content: str) -> None:
    """Reads a tcolorbox: its title is a paragraph in bold."""
    walker.end_paragraph()
    source, position = read_optional(content, 0)
    options = _options(source or "")
    if options.get("label"):
        walker.labels.setdefault(options["label"], walker.anchor)
    if options.get("title"):
        walker.add_block(TextNode(rf"\textbf{{{options['title']}}}"))
    walker.walk(content[position:])
    walker.end_paragraph()


def _usual(walker: Walker, name: str) -> Theorem:
    """A theorem of common classes that the document does not define."""
    usual = known.THEOREMS.get(name) or known.THEOREMS[name.rstrip("*")]
    title = usual.chinese if walker.lang == "zh" else usual.english
    if walker.elegant and walker.has_chapters:
        walker.counters.parents.setdefault(name, "chapter")
    prefix = None
    if walker.elegant and name in known.THEOREMS and usual.numbered:
        prefix = _ELEGANT_PREFIXES.get(name, name)
    return Theorem(title, name, "", usual.numbered and not name.endswith("*"), prefix)


def _note(walker: Walker, name: str, theorem: Theorem, content: str) -> tuple[str, list[str], int]:
    """What is printed in brackets after the number, the keys of its labels, and where text begins.

    The option of thmtools may be `label=…, name=…`; `prefix` theorems have two arguments.
    """
    note, position = read_optional(content, 0)
    if theorem.prefix is not None:
        match = _TITLE_AND_KEY.match(content, position)
        if match:
            key = match.group(2).strip()
            keys = [f"{theorem.prefix}:{key}"] if key else []
            if option := _options(note or "").get("label"):
                keys.append(option)
            return match.group(1).strip(), keys, match.end()
    note = (note or "").strip()
    first = _THEOREM_OPTION.search(note)
    if first is None:
        return note, [], position
    options = _options(note)
    printed = next((options[key] for key in ("name", "title", "note") if key in options), "")
    return (
        printed or note[: first.start()].strip(),
        [options["label"]] if options.get("label") else [],
        position,
    )


def _options(source: str) -> dict[str, str]:
    source = source.strip()
    if source.startswith("{") and source.endswith("}"):
        source = source[1:-1]
    return {
        key: value.strip()[1:-1].strip() if value.strip().startswith("{") else value.strip()
        for key, value in _OPTION.findall(source)
    }


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
