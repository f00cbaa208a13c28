"""Walk over expanded source: split paragraphs, pass everything else to a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from renderers.latex.blocks import ParagraphRole, TheoremStyle
from renderers.rejected import Rejected
from vary_data.sources.arxiv.expand.expanded import Expanded
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import Groups, read_argument, read_optional
from vary_data.sources.arxiv.structure.figures import (
    ONLY_PICTURES,
    PICTURE_COMMANDS,
    pictures_of,
)
from vary_data.sources.arxiv.structure.front_matter import Affiliations
from vary_data.sources.arxiv.structure.nodes import (
    FigureNode,
    Node,
    PanelNode,
    RejectedNode,
    TextNode,
)
from vary_data.sources.arxiv.structure.numbering import Counters
from vary_data.sources.arxiv.vocabulary import environments as known
from vary_data.sources.arxiv.vocabulary.text_commands import WITHOUT_ARGUMENT

COUNTER_COMMANDS = (
    "setcounter|addtocounter|stepcounter|refstepcounter|numberwithin|counterwithin|counterwithout"
    "|VaryFormat|newcounter|setlist|setenumerate|newlist|renewlist"
)
_EVENT = re.compile(
    r"\\begin\s*\{(?P<begin>[^{}]*)\}|\\end\s*\{(?P<end>[^{}]*)\}|(?P<display>\\\[)|(?P<inline>\\\()"
    r"|(?P<code>\\VaryCode\{\d+\})"
    r"|\\(?P<heading>" + "|".join(known.HEADINGS) + r")(?![A-Za-z@])"
    r"|\\(?P<command>item|caption|captionof|subcaption|appendix|title|maketitle|abstract|bibliography"
    r"|printbibliography|acknowledgments?|lstinputlisting|"
    + COUNTER_COMMANDS + "|" + PICTURE_COMMANDS + "|" + "|".join(sorted(known.BLOCK_COMMANDS))
    + r")(?![A-Za-z@])|\\the(?P<counter>[A-Za-z]+)"
    r"|(?P<escape>\\[\s\S])|(?P<open>\{)|(?P<close>\})|(?P<par>\n[ \t]*\n\s*)"
)  # fmt: skip
BLOCK_SOURCE = re.compile(
    r"\n[ \t]*\n|\\begin\s*\{|\\\[|\\VaryCode|\\item\b|\\(?:sub)*(?:section|paragraph)\b"
    r"|\\chapter\b|\\caption(?:of)?\b|\\includegraphics\b"
)
"""Source that is more than a part of a paragraph."""
_FOOTNOTE = re.compile(
    r"\\(?:table)?(?:footnote(?:text)?|thanks)(?![A-Za-z@])\s*(?:\[[^\[\]]*\]\s*)?(?=\{)"
)
"""A footnote's number is the template's: a reference to it is rejected."""
_ENUMITEM = re.compile(r"\\usepackage\s*(?:\[[^\[\]]*\]\s*)?\{[^{}]*\benumitem\b")
_NOT_KNOWN = ("page", "footnote")
"""Counters whose values follow from the pages, or are the template's."""
LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_COMMAND_BEFORE = re.compile(r"\\([A-Za-z@]+)\*?\s*(?:\[[^\[\]]*\]\s*)*$|[\]}]$")
_CONTEXT = 200
"""Characters before a brace that are enough to find the command it belongs to."""


@dataclass(slots=True)
class OpenFloat:
    """The figure or table being read."""

    kind: str
    captions: list[tuple[str, str]] = field(default_factory=list)
    """(number as printed, source) of each caption."""
    sub: int = 0
    panels: list[PanelNode] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Number of pictures before each caption."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Functions that read what a walker finds; those with a position return the next one."""

    display: Callable[[Walker, str, str], None]
    environment: Callable[[Walker, str, str], None]
    heading: Callable[[Walker, str, str, int], int]
    command: Callable[[Walker, str, str, re.Match[str]], int]
    code: Callable[[Walker, str], None]


class Walker:
    """The state of a walk: nodes so far, the open paragraph, counters, labels and the anchor.

    `anchor` is the target of a `\\label` in running text, `item_numbers` are those of the numbered
    lists around it, `item_label` the label of the innermost, `own_lists` the lists that the
    document declares, and of what kind they are; `run_in` the run-in
    heading of the next paragraph; `deferred` holds floats inside a paragraph, which follow it;
    `front` the authors of the preamble, `role` and `style` those of the paragraphs being read.
    Without `figures`, only captions are kept of them. `bare_groups` are the formats of
    counters around each open group.
    """

    def __init__(
        self, expanded: Expanded, lang: str, max_depth: int, readers: Readers, figures: bool
    ) -> None:
        self.expanded = expanded
        self.figures = figures
        self.lang = lang
        self.max_depth = max_depth
        self.readers = readers
        self.has_chapters = bool(re.search(r"\\chapter\b", expanded.body))
        self.has_enumitem = bool(_ENUMITEM.search(expanded.preamble))
        self.counters = Counters(self.has_chapters)
        self.nodes: list[Node] = []
        self.labels = _labels_in_footnotes(expanded.body)
        self.anchor = Label("1", "section")
        self.buffer: list[str] = []
        self.deferred: list[Node] = []
        self.run_in = ""
        self.depth = 0
        self.bare_groups: list[dict[str, str]] = []
        self.float: OpenFloat | None = None
        self.list_levels = {True: 0, False: 0}
        self.item_numbers: tuple[str, ...] = ()
        self.item_label = ""
        self.own_lists: dict[str, str] = {}
        self.title = ""
        self.front: list[Node] = []
        self.affiliations = Affiliations()
        self.role: ParagraphRole = "paragraph"
        self.style: TheoremStyle = ""
        self.saved_columns: dict[str, str] = {}
        self.in_appendix = False
        self.elegant = "elegant" in expanded.document_class

    def walk(self, source: str) -> None:
        """Add the nodes of a source to those so far; its last paragraph stays open."""
        self.depth += 1
        if self.depth > self.max_depth:
            self.reject("text", "too-deep", "", source)
            self.depth -= 1
            return
        position, end = 0, len(source)
        groups = Groups(source)
        while position < end:
            match = _EVENT.search(source, position)
            if match is None:
                self.buffer.append(source[position:])
                break
            self.buffer.append(source[position : match.start()])
            try:
                position = self._event(source, match, groups)
            except Rejected as error:
                # Its end was not found: the mark makes the whole paragraph be rejected.
                self.buffer.append(f"\\VaryBroken{{{error.reason}}}")
                position = match.end()
        self.depth -= 1

    def _event(self, source: str, match: re.Match[str], groups: Groups) -> int:
        kind = match.lastgroup
        if kind == "par":
            self.end_paragraph()
            return match.end()
        if kind == "escape":
            self.buffer.append(match.group())
            return match.end()
        if kind == "counter":
            name = match.group("counter")
            known = name in self.counters.values and name not in _NOT_KNOWN
            self.buffer.append(self.counters.printed(name) if known else match.group())
            return match.end()
        if kind == "open":
            return self._group(source, match.start(), groups.end(match.start()))
        if kind == "close":
            if self.bare_groups:
                self.counters.formats = self.bare_groups.pop()
            else:
                self.buffer.append("}")
            return match.end()
        if kind == "inline":
            stop = groups.formula_end(match.start()) + 2
            self.buffer.append(source[match.start() : stop])
            return stop
        if kind == "display":
            stop = groups.formula_end(match.start())
            self.readers.display(self, "displaymath", source[match.end() : stop])
            return stop + 2
        if kind == "begin":
            name = match.group("begin").strip()
            start, end = groups.environment_end(match.end(), name)
            formats = dict(self.counters.formats)
            self.readers.environment(self, name, source[match.end() : start])
            self.counters.formats = formats
            return end
        if kind == "heading":
            return self.readers.heading(self, match.group("heading"), source, match.end())
        if kind == "code":
            number = match.group().removeprefix("\\VaryCode{").removesuffix("}")
            # The expander writes these commands; a source that does so itself has no such piece.
            if not is_number(number) or int(number) >= len(self.expanded.code):
                raise Rejected("verbatim", number)
            self.readers.code(self, self.expanded.code[int(number)])
            return match.end()
        if kind == "command":
            return self.readers.command(self, match.group("command"), source, match)
        return match.end()  # an \end without its \begin

    def end_paragraph(self) -> None:
        """Ends the paragraph."""
        text = "".join(self.buffer).strip()
        self.buffer.clear()
        self.label_all(text, self.anchor)
        text = LABEL.sub("", text).strip()
        if self.figures and "\\includegraphics" in text and ONLY_PICTURES.fullmatch(text):
            panels = list(pictures_of(text))
            self.nodes.append(FigureNode(panels, floating=False))
        elif text:
            self.nodes.append(TextNode(text, self.run_in, self.role, self.style))
            self.run_in = ""
        self.nodes.extend(self.deferred)
        self.deferred.clear()

    def add_block(self, node: Node) -> None:
        """Adds a block that ends the paragraph before it."""
        self.end_run_in()
        self.nodes.append(node)

    def end_run_in(self) -> None:
        """Ends the paragraph; a run-in heading without text becomes a paragraph."""
        self.end_paragraph()
        if self.run_in:
            self.nodes.append(TextNode("", self.run_in, self.role, self.style))
            self.run_in = ""

    def reject(self, kind: str, reason: str, detail: str, source: str) -> None:
        """Add a rejected node at this place; `kind` is what it would have been."""
        self.nodes.append(RejectedNode(kind, reason, detail, source))

    def read_nested(self, source: str) -> list[Node]:
        """The nodes of nested source, read separately."""
        outer = self.nodes, self.buffer, self.deferred, self.run_in, self.bare_groups
        self.nodes, self.buffer, self.deferred = [], [], []
        self.run_in, self.bare_groups = "", []
        self.walk(source)
        self.end_run_in()
        result = self.nodes
        self.nodes, self.buffer, self.deferred, self.run_in, self.bare_groups = outer
        return result

    def _group(self, source: str, start: int, end: int) -> int:
        before = "".join(self.buffer[-2:])[-_CONTEXT:].rstrip()
        in_figure = self.float is not None and "\\includegraphics" in source[start:end]
        if not in_figure and (not BLOCK_SOURCE.search(source, start, end) or _is_argument(before)):
            self.buffer.append(source[start:end])
            return end
        self.bare_groups.append(dict(self.counters.formats))
        return start + 1

    def arguments(self, name: str, content: str) -> str:
        """The content after the arguments of `\\begin{name}`."""
        position = 0
        environment = known.ENVIRONMENTS.get(name)
        for kind in environment.arguments if environment else "":
            if kind == "o":
                _, position = read_optional(content, position)
            else:
                _, position = read_argument(content, position)
        return content[position:]

    def label_all(self, source: str, label: Label) -> None:
        """Register every `\\label` of a source with the same target; earlier ones stay."""
        for match in LABEL.finditer(source):
            self.labels.setdefault(match.group(1).strip(), label)


def _labels_in_footnotes(source: str) -> dict[str, Label]:
    """The labels in the footnotes of text, headings, captions and cells."""
    labels: dict[str, Label] = {}
    groups, end = Groups(source), 0
    for note in _FOOTNOTE.finditer(source):
        if note.end() < end:
            continue  # in the one before
        with suppress(Rejected):
            end = groups.end(note.end())
            keys = LABEL.findall(source, note.end(), end)
            labels.update((key.strip(), Label("", "footnote")) for key in keys)
    return labels


def _is_argument(before: str) -> bool:
    """Whether a brace after this source opens an argument and not just a group."""
    match = _COMMAND_BEFORE.search(before)
    if match is None:
        return False
    name = match.group(1)
    return name is None or name not in WITHOUT_ARGUMENT
