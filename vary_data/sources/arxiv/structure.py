"""Expanded source to a tree of nodes, with everything numbered and every label resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from vary_data.sources.arxiv import environments as known
from vary_data.sources.arxiv.displays import split_display
from vary_data.sources.arxiv.errors import Unfit
from vary_data.sources.arxiv.expand import Expanded
from vary_data.sources.arxiv.lists import item_label, label_format, split_items
from vary_data.sources.arxiv.nodes import (
    DisplayNode,
    HeadingNode,
    ListNode,
    Node,
    RefusedNode,
    TableNode,
    TextNode,
)
from vary_data.sources.arxiv.numbering import Counters, numeral
from vary_data.sources.arxiv.references import Label
from vary_data.sources.arxiv.scan import argument, environment_end, group_end, optional
from vary_data.sources.arxiv.state import Theorem
from vary_data.sources.arxiv.text_commands import DECLARATIONS, DROPPED, SYMBOLS
from vary_data.sources.arxiv.vocabulary import DISPLAY_ENVIRONMENTS

_COUNTER_COMMANDS = (
    "setcounter|addtocounter|stepcounter|refstepcounter|numberwithin|counterwithin|counterwithout"
    "|VaryFormat|newcounter"
)
_EVENT = re.compile(
    r"\\begin\s*\{(?P<begin>[^{}]*)\}|\\end\s*\{(?P<end>[^{}]*)\}|(?P<display>\\\[)|(?P<inline>\\\()"
    r"|(?P<code>\\VaryCode\{\d+\})"
    r"|\\(?P<heading>" + "|".join(known.HEADINGS) + r")(?![A-Za-z@])"
    r"|\\(?P<command>item|caption|captionof|subcaption|appendix|title|maketitle|abstract|bibliography"
    r"|printbibliography|acknowledgments?|lstinputlisting|"
    + _COUNTER_COMMANDS + "|" + "|".join(sorted({*known.BOXES, *known.FRONT_MATTER_COMMANDS}))
    + r")(?![A-Za-z@])|(?P<escape>\\[\s\S])|(?P<open>\{)|(?P<close>\})|(?P<par>\n[ \t]*\n\s*)"
)  # fmt: skip
_BLOCKISH = re.compile(
    r"\n[ \t]*\n|\\begin\s*\{|\\\[|\\VaryCode|\\item\b|\\(?:sub)*(?:section|paragraph)\b"
    r"|\\chapter\b|\\caption(?:of)?\b"
)
_COMMAND_BEFORE = re.compile(r"\\([A-Za-z@]+)\*?\s*(?:\[[^\[\]]*\]\s*)*$|[\]}]$")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_DELUXE = re.compile(
    r"\\(tablecaption|caption|tablehead|tablecomments|tablenotetext|tablerefs|startdata)(?![A-Za-z@])"
)
_INLINE_SIGN = re.compile(r"\\[\s\S]")
_SUBCAPTION = re.compile(r"\\(?:label|footnotemark)\s*(?:\[[^\]]*\])?\{[^{}]*\}")
_ACKNOWLEDGEMENTS = re.compile(r"(?i)ack(?:s|nowledge?ments?)?$")


@dataclass(slots=True)
class _Float:
    """The figure or table being read."""

    kind: str
    captions: list[tuple[str, str]] = field(default_factory=list)
    """(number as printed, source) of each caption."""
    sub: int = 0


@dataclass(slots=True)
class Structure:
    nodes: list[Node]
    labels: dict[str, Label]


def read_structure(expanded: Expanded, lang: str, max_depth: int) -> Structure:
    """The nodes of a document's body in order."""
    walker = _Walker(expanded, lang, max_depth)
    walker.preamble()
    walker.walk(expanded.body)
    walker.end_run_in()
    return Structure(walker.nodes, walker.labels)


class _Walker:
    def __init__(self, expanded: Expanded, lang: str, max_depth: int) -> None:
        self.expanded = expanded
        self.lang = lang
        self.max_depth = max_depth
        self.has_chapters = bool(re.search(r"\\chapter\b", expanded.body))
        self.counters = Counters(self.has_chapters)
        self.nodes: list[Node] = []
        self.labels: dict[str, Label] = {}
        self.anchor = Label("1", "section")
        self.buffer: list[str] = []
        self.deferred: list[Node] = []
        self.run_in = ""
        self.depth = 0
        self.bare_groups = 0
        self.float: _Float | None = None
        self.list_levels = {True: 0, False: 0}
        self.title = ""
        self.saved_columns: dict[str, str] = {}
        self.in_appendix = False
        self.elegant = "elegant" in expanded.document_class

    # -- preamble -----------------------------------------------------------------------------

    def preamble(self) -> None:
        source = self.expanded.preamble
        for match in re.finditer(rf"\\({_COUNTER_COMMANDS}|title)(?![A-Za-z@])", source):
            try:
                if match.group(1) == "title":
                    _, position = optional(source, match.end())
                    self.title = argument(source, position)[0]
                else:
                    self._counter(match.group(1), source, match.end())
            except Unfit:
                continue
        for name, theorem in self.expanded.theorems.items():
            if theorem.within:
                self.counters.within(name, theorem.within)

    # -- the loop -----------------------------------------------------------------------------

    def walk(self, source: str) -> None:
        self.depth += 1
        if self.depth > self.max_depth:
            self.refuse("text", "too-deep", "", source)
            self.depth -= 1
            return
        position, end = 0, len(source)
        while position < end:
            match = _EVENT.search(source, position)
            if match is None:
                self.buffer.append(source[position:])
                break
            self.buffer.append(source[position : match.start()])
            try:
                position = self._event(source, match)
            except Unfit as error:
                # The piece cannot be delimited: its paragraph is refused as a whole.
                self.buffer.append(f"\\VaryBroken{{{error.reason}}}")
                position = match.end()
        self.depth -= 1

    def _event(self, source: str, match: re.Match[str]) -> int:
        kind = match.lastgroup
        if kind == "par":
            self.flush()
            return match.end()
        if kind == "escape":
            self.buffer.append(match.group())
            return match.end()
        if kind == "open":
            return self._group(source, match.start())
        if kind == "close":
            if self.bare_groups:
                self.bare_groups -= 1
            else:
                self.buffer.append("}")
            return match.end()
        if kind == "inline":
            return self._inline(source, match)
        if kind == "display":
            stop = _closing_bracket(source, match.end())
            self._display("displaymath", source[match.end() : stop])
            return stop + 2
        if kind == "begin":
            return self._environment(match.group("begin").strip(), source, match.end())
        if kind == "heading":
            return self._heading(match.group("heading"), source, match.end())
        if kind == "code":
            number = int(match.group()[10:-1])
            self.flush()
            self.refuse("code", "verbatim", "", self.expanded.code[number])
            return match.end()
        if kind == "command":
            return self._command(match.group("command"), source, match)
        return match.end()  # an \end without its \begin

    def flush(self) -> None:
        """Ends the paragraph."""
        text = "".join(self.buffer).strip()
        self.buffer.clear()
        for match in _LABEL.finditer(text):
            self.labels.setdefault(match.group(1).strip(), self.anchor)
        text = _LABEL.sub("", text).strip()
        if text:
            self.nodes.append(TextNode(text, self.run_in))
            self.run_in = ""
        self.nodes.extend(self.deferred)
        self.deferred.clear()

    def block(self, node: Node) -> None:
        """Adds a block that ends the paragraph before it."""
        self.end_run_in()
        self.nodes.append(node)

    def end_run_in(self) -> None:
        """Ends the paragraph; a run-in heading that found no text stands alone."""
        self.flush()
        if self.run_in:
            self.nodes.append(TextNode("", self.run_in))
            self.run_in = ""

    def refuse(self, kind: str, reason: str, detail: str, source: str) -> None:
        self.nodes.append(RefusedNode(kind, reason, detail, source))

    def inner(self, source: str) -> list[Node]:
        """The nodes of a piece of source on its own."""
        outer = self.nodes, self.buffer, self.deferred, self.run_in, self.bare_groups
        self.nodes, self.buffer, self.deferred = [], [], []
        self.run_in, self.bare_groups = "", 0
        self.walk(source)
        self.end_run_in()
        result = self.nodes
        self.nodes, self.buffer, self.deferred, self.run_in, self.bare_groups = outer
        return result

    # -- pieces of a paragraph ----------------------------------------------------------------

    def _group(self, source: str, start: int) -> int:
        end = group_end(source, start)
        before = "".join(self.buffer[-2:])[-200:].rstrip()
        if not _BLOCKISH.search(source, start, end) or _is_argument(before):
            self.buffer.append(source[start:end])
            return end
        self.bare_groups += 1
        return start + 1

    def _inline(self, source: str, match: re.Match[str]) -> int:
        depth = 0
        for sign in _INLINE_SIGN.finditer(source, match.end()):
            if sign.group() == "\\(":
                depth += 1
            elif sign.group() == "\\)":
                if depth == 0:
                    self.buffer.append(source[match.start() : sign.end()])
                    return sign.end()
                depth -= 1
        raise Unfit("unbalanced", "\\(")

    # -- environments -------------------------------------------------------------------------

    def _environment(self, name: str, source: str, position: int) -> int:
        start, end = environment_end(source, position, name)
        handler = self._handler(name)
        content = source[position:start]
        if handler is None:
            self.flush()
            for node in self.inner(content) or [TextNode(content)]:
                self.refuse(node_kind(node), "unknown-environment", name, _source_of(node))
        else:
            handler(name, content)
        return end

    def _handler(self, name: str) -> Callable[[str, str], None] | None:
        if name in DISPLAY_ENVIRONMENTS:
            return self._display
        if name in known.TABULARS:
            return self._table
        if name in known.FLOATS:
            return self._float
        if name in known.SUBFLOATS:
            return self._subfloat
        if (
            name in self.expanded.theorems
            or (name.rstrip("*") in known.THEOREMS and name not in known.LISTS)
            or name in known.UNNUMBERED_THEOREMS
        ):
            return self._theorem
        if name in known.INLINE_LISTS:
            return self._inline_list
        if name in known.LISTS:
            return self._list
        if name in known.TRANSPARENT:
            return self._transparent
        if name in known.PICTURES:
            return lambda _, content: self._refused("picture", name, content)
        if name in known.ALGORITHMS:
            return lambda _, content: self._refused("code", name, content)
        if name in known.FRONT_MATTER:
            return lambda _, content: self._refused("front-matter", name, content)
        return {
            "abstract": self._abstract, "cabstract": self._abstract, "eabstract": self._abstract,
            "subequations": self._subequations, "thebibliography": self._bibliography,
            "deluxetable": self._deluxetable, "deluxetable*": self._deluxetable,
            "math": lambda _, content: self.buffer.append(f"\\({content}\\)"),
        }.get(name)  # fmt: skip

    def _refused(self, kind: str, name: str, content: str) -> None:
        for match in _LABEL.finditer(content):
            counter = "listing" if "listing" in name else "algorithm"
            if kind == "code" and "\\caption" in content:
                self.labels.setdefault(match.group(1), Label(self.counters.step(counter), counter))
        self.deferred.append(RefusedNode(kind, "no-block", name, content))

    def _arguments(self, name: str, content: str) -> str:
        """The content behind the arguments of `\\begin{name}`."""
        position = 0
        for kind in known.SIGNATURES.get(name, ""):
            if kind == "o":
                _, position = optional(content, position)
            else:
                _, position = argument(content, position)
        return content[position:]

    def _transparent(self, name: str, content: str) -> None:
        self.flush()
        if _ACKNOWLEDGEMENTS.match(name):
            self.nodes.append(HeadingNode(1, "致谢" if self.lang == "zh" else "Acknowledgements"))
        self.walk(self._arguments(name, content))
        self.flush()

    def _abstract(self, name: str, content: str) -> None:
        self.end_run_in()
        usual = "摘要" if self.lang == "zh" else "Abstract"
        heading = self.expanded.names.get("abstractname", usual)
        self.nodes.append(HeadingNode(1, "Abstract" if name == "eabstract" else heading))
        self.walk(self._arguments(name, content))
        self.flush()

    def _display(self, name: str, content: str) -> None:
        for display in split_display(name, content):
            if isinstance(display, str):
                self.flush()
                self.buffer.append(display)
                self.flush()
                continue
            tags: list[str | None] = []
            for row in display.rows:
                number = row.tag
                if number is None and row.numbered:
                    number = self.counters.step("equation")
                tags.append(number)
                for label in row.labels:
                    self.labels.setdefault(label, Label(number or "1", "equation"))
            if display.environment == "multline":  # one number, at the last row
                printed = [tag for tag in tags if tag is not None]
                tags = [*[None] * (len(tags) - 1), printed[-1] if printed else None]
            self.block(DisplayNode(display.environment, [row.source for row in display.rows], tags))

    def _subequations(self, name: str, content: str) -> None:
        number = self.counters.step("equation")
        value, format = self.counters.values["equation"], self.counters.formats.get("equation")
        anchor, self.anchor = self.anchor, Label(number, "equation")
        self.counters.formats["equation"] = f"{number}\\alph{{equation}}"
        self.counters.values["equation"] = 0
        before = len(self.buffer)
        self.walk(content)
        for piece in self.buffer[before:]:
            for match in _LABEL.finditer(piece):
                self.labels.setdefault(match.group(1).strip(), self.anchor)
        self.counters.values["equation"] = value
        self.counters.formats.pop("equation")
        if format is not None:
            self.counters.formats["equation"] = format
        self.anchor = anchor

    def _theorem(self, name: str, content: str) -> None:
        self.end_run_in()
        theorem = self.expanded.theorems.get(name)
        starred = name.endswith("*")
        if theorem is None:
            english, chinese = (
                known.UNNUMBERED_THEOREMS.get(name) or known.THEOREMS[name.rstrip("*")]
            )
            numbered = name not in known.UNNUMBERED_THEOREMS and not starred
            theorem = Theorem(chinese if self.lang == "zh" else english, name, "", numbered)
            if self.elegant and self.has_chapters:
                self.counters.parents.setdefault(name, "chapter")
        note, position = optional(content, 0)
        if self.elegant and note is None and name in known.THEOREMS:
            title = re.compile(r"\s*\{([^{}]*)\}\s*\{([^{}]*)\}").match(content, position)
            if title:
                note, position = title.group(1), title.end()
                self._elegant_label(name, theorem, title.group(2))
        label = theorem.title
        if name in ("proof", "pf") and note:
            label, note = note, None
        outer = self.anchor
        if theorem.numbered:
            number = self.counters.step(theorem.counter)
            self.anchor = Label(number, theorem.title)
            label = f"{label} {number}"
        if note and note.strip():
            label = f"{label} ({note.strip()})"
        self.run_in = label.rstrip(".:。：") + "."
        self.walk(content[position:])
        self.end_run_in()
        self.anchor = outer

    def _elegant_label(self, name: str, theorem: Theorem, key: str) -> None:
        """elegantbook makes the label `prefix:key` out of its second argument."""
        prefixes = {"theorem": "thm", "definition": "def", "lemma": "lem", "corollary": "cor",
                    "proposition": "pro"}  # fmt: skip
        value = self.counters.values.get(theorem.counter, 0)
        number = self.counters.step(theorem.counter)
        self.counters.values[theorem.counter] = value
        if key.strip():
            label = Label(number, theorem.title)
            self.labels.setdefault(f"{prefixes.get(name, name)}:{key.strip()}", label)

    # -- lists --------------------------------------------------------------------------------

    def _list(self, name: str, content: str) -> None:
        self.flush()
        ordered = known.LISTS[name]
        options, position = optional(content, 0)
        for kind in known.SIGNATURES.get(name, "").replace("o", ""):
            del kind
            _, position = argument(content, position)
        level = self.list_levels[ordered] + 1
        self.list_levels[ordered] = level
        counter = f"enum{numeral(level, 'roman')}"
        style = label_format(options or "", level)
        resumed = options is not None and "resume" in options
        start = re.search(r"start\s*=\s*(\d{1,4})", options or "")
        if ordered and not resumed:
            self.counters.set(counter, int(start.group(1)) - 1 if start else 0)
        before, items = split_items(content[position:])
        self.nodes.extend(self.inner(before))
        node = ListNode(ordered)
        anchor = self.anchor
        for own_label, source in items:
            label = own_label
            if own_label is None and ordered:
                self.counters.step(counter)
                label = item_label(style, self.counters.values[counter])
                self.anchor = Label(label.strip("().: ") or label, "item")
            elif own_label is not None:
                self.anchor = Label(own_label.strip("()[].: "), "item")
            inner = self.inner(source)
            if inner or own_label:
                node.items.append(inner)
                node.labels.append(label or "")
        self.anchor = anchor
        self.list_levels[ordered] = level - 1
        if not any(node.labels):
            node.labels = []
        if node.items:
            self.block(node)

    def _inline_list(self, name: str, content: str) -> None:
        options, position = optional(content, 0)
        ordered = "enum" in name
        style = label_format(options or "", 2)
        _, items = split_items(content[position:])
        for index, (own_label, source) in enumerate(items):
            label = own_label or (item_label(style, index + 1) if ordered else "")
            self.buffer.append(f" {label} " if label else " ")
            self.walk(source)

    def _bibliography(self, name: str, content: str) -> None:
        self.flush()
        _, position = argument(content, 0)
        usual = "参考文献" if self.lang == "zh" else "References"
        pieces = re.split(r"\\bibitem\b", content[position:])
        node = ListNode(False)
        for index, piece in enumerate(pieces[1:]):
            _, start = optional(piece, 0)
            _, start = argument(piece, start)
            inner = self.inner(piece[start:])
            if inner:
                node.items.append(inner)
                node.labels.append(f"[{index + 1}]")
        if node.items:
            self.nodes.append(HeadingNode(1, self.expanded.names.get("refname", usual)))
            self.nodes.append(node)

    # -- tables and floats --------------------------------------------------------------------

    def _table(self, name: str, content: str) -> None:
        specification, position = "", 0
        for kind in known.TABULARS[name]:
            if kind == "o":
                _, position = optional(content, position)
            elif kind == "m":
                _, position = argument(content, position)
            else:
                if name.startswith(("tabu", "longtabu")) and name not in ("tabular", "tabularx"):
                    to = re.compile(r"\s*(?:to|spread)\s*[-\d.]*\\?[A-Za-z]+").match(
                        content, position
                    )
                    position = to.end() if to else position
                specification, position = argument(content, position)
        body = content[position:]
        saved = re.search(r"\\savetabu\s*\{([^{}]*)\}", body)
        if saved:
            self.saved_columns[saved.group(1)] = specification
        used = re.fullmatch(r"\s*\\usetabu\s*\{([^{}]*)\}\s*", specification)
        if used:
            specification = self.saved_columns.get(used.group(1), specification)
        node = TableNode(specification, body)
        caption = re.search(r"\\caption(?![A-Za-z])\*?", body)
        if caption:  # in a longtable
            starred = caption.group().endswith("*")
            _, start = optional(body, caption.end())
            source, stop = argument(body, start)
            row_end = re.compile(
                r"\s*(?:\\label\{[^{}]*\})?\s*(?:\\tabularnewline|\\\\(?:\[[^\]]*\])?)?"
            )
            match = row_end.match(body, stop)
            node.body = body[: caption.start()] + body[match.end() if match else stop :]
            number = "" if starred else self.counters.step("table")
            node.caption, node.number = source, self._float_name("table", number)
            self._label_all(source + body, Label(number, "table"))
        node.body = _LABEL.sub("", node.body)
        self.block(node)

    def _deluxetable(self, name: str, content: str) -> None:
        """aastex: `\\tablehead{\\colhead{..} & ..}` and `\\startdata … \\enddata`."""
        _, position = optional(content, 0)
        specification, position = argument(content, position)
        parts: dict[str, str] = {}
        rest: list[str] = []
        while match := _DELUXE.search(content, position):
            rest.append(content[position : match.start()])
            command = match.group(1)
            if command == "startdata":
                stop = content.find("\\enddata", match.end())
                stop = len(content) if stop < 0 else stop
                parts[command], position = content[match.end() : stop], stop + len("\\enddata")
            elif command in ("tablecomments", "tablenotetext", "tablerefs"):
                if command == "tablenotetext":
                    _, start = argument(content, match.end())
                    text, position = argument(content, start)
                else:
                    text, position = argument(content, match.end())
                rest.append(f"\n\n{text}\n\n")
            else:
                _, start = optional(content, match.end())
                parts[command], position = argument(content, start)
        rest.append(content[position:])
        head = re.sub(r"\\colhead\b\s*", "", parts.get("tablehead", ""))
        number = self.counters.step("table")
        caption = parts.get("tablecaption", parts.get("caption", ""))
        self._label_all(content, Label(number, "table"))
        body = f"\\hline {head} \\\\ \\hline {parts.get('startdata', '')} \\\\ \\hline"
        body = _LABEL.sub("", body).replace("\\nodata", "…")
        table = TableNode(specification, body, _LABEL.sub("", caption).strip(),
                          self._float_name("table", number), True)  # fmt: skip
        self.deferred.extend([table, *self.inner(_LABEL.sub("", "".join(rest)))])

    def _float(self, name: str, content: str) -> None:
        outer, self.float = self.float, _Float(known.FLOATS[name])
        anchor = self.anchor
        nodes = self.inner(self._arguments(name, content))
        captions = self.float.captions
        if self.float.kind == "table":
            tables = [node for node in nodes if isinstance(node, TableNode)]
            for table, (number, source) in zip(tables, list(captions), strict=False):
                if table.caption or table.number:
                    continue
                table.caption, table.number, table.floating = source, number, True
                captions.remove((number, source))
            for table in tables:
                table.floating = True
        nodes.extend(
            TextNode(source, f"{number}:" if number else "") for number, source in captions
        )
        self.float, self.anchor = outer, anchor
        self.deferred.extend(nodes)

    def _subfloat(self, name: str, content: str) -> None:
        self.flush()
        float = self.float
        if float is None:
            self.walk(self._arguments(name, content))
            return
        own = _Float("sub")
        self.float = own
        number = self.counters.values.get(float.kind, 0) + 1
        float.sub += 1
        letter = numeral(float.sub, "alph")
        anchor, self.anchor = self.anchor, Label(f"{number}{letter}", float.kind)
        self.walk(self._arguments(name, content))
        self.flush()
        self.float, self.anchor = float, anchor
        self.nodes.extend(TextNode(source, f"({letter})") for _, source in own.captions if source)

    def _caption(self, source: str, position: int, kind: str | None = None) -> int:
        starred = source.startswith("*", position)
        _, position = optional(source, position + starred)
        text, position = argument(source, position)
        float = self.float
        if float is not None and float.kind == "sub" and kind is None:
            self._label_all(text, self.anchor)
            float.captions.append(("", _LABEL.sub("", text).strip()))
            return position
        kind = kind or (float.kind if float is not None else "figure")
        number = "" if starred else self.counters.step(kind)
        self.anchor = Label(number, kind)
        self._label_all(text, self.anchor)
        entry = (self._float_name(kind, number), _LABEL.sub("", text).strip())
        if float is not None and kind == float.kind:
            float.captions.append(entry)
        else:
            self.block(TextNode(entry[1], f"{entry[0]}:"))
        return position

    def _float_name(self, kind: str, number: str) -> str:
        usual = {"figure": ("Figure", "图"), "table": ("Table", "表")}.get(kind, (kind, kind))
        name = self.expanded.names.get(f"{kind}name", usual[self.lang == "zh"])
        return f"{name} {number}" if number else ""

    def _label_all(self, source: str, label: Label) -> None:
        for match in _LABEL.finditer(source):
            self.labels.setdefault(match.group(1).strip(), label)

    # -- headings and commands ----------------------------------------------------------------

    def _heading(self, name: str, source: str, position: int) -> int:
        starred = source.startswith("*", position)
        _, position = optional(source, position + starred)
        title, position = argument(source, position)
        self.end_run_in()
        level = known.HEADINGS.index(name)
        number = ""
        deepest = 3 if self.has_chapters else 4
        if not starred and level <= deepest and name != "part":
            number = self.counters.step(name)
            kind = "chapter" if name == "chapter" else "section"
            kind = "appendix" if self.in_appendix and level < 3 else kind
            self.anchor = Label(number, kind, _LABEL.sub("", title).strip())
        else:
            self.anchor = Label(self.anchor.number, self.anchor.kind, _LABEL.sub("", title).strip())
        self._label_all(title, self.anchor)
        title = _LABEL.sub("", title)
        if name in ("paragraph", "subparagraph"):
            self.run_in = title.strip()
            return position
        if name == "chapter" and number:
            number = self._chapter_number(number)
        shift = 0 if self.has_chapters else 1
        self.nodes.append(HeadingNode(max(1, level - shift), title, number))
        return position

    def _chapter_number(self, number: str) -> str:
        if self.lang == "zh":
            return f"附录{number}" if self.in_appendix else f"第{number}章"
        return f"Appendix {number}" if self.in_appendix else f"Chapter {number}"

    def _command(self, name: str, source: str, match: re.Match[str]) -> int:
        position = match.end()
        if name == "item":  # outside a list
            self.flush()
            return position
        if name in ("caption", "subcaption"):
            return self._caption(source, position)
        if name == "captionof":
            kind, position = argument(source, position)
            return self._caption(source, position, kind.strip())
        if name in known.BOXES:
            return self._box(name, source, match)
        if re.fullmatch(_COUNTER_COMMANDS, name):
            return self._counter(name, source, position)
        if name == "appendix":
            self._appendix()
            return position
        if name == "title":
            _, position = optional(source, position)
            title, position = argument(source, position)
            self._title(title)
            return position
        if name == "maketitle":
            self.flush()
            if self.title:
                self._title(self.title)
            return position
        if name == "abstract":
            content, position = argument(source, position)
            self._abstract("abstract", content)
            return position
        if name in ("acknowledgments", "acknowledgement", "acknowledgments", "acknowledgment"):
            self.flush()
            self.nodes.append(HeadingNode(1, "Acknowledgments"))
            return position
        if name in ("bibliography", "printbibliography"):
            self.flush()
            _, position = optional(source, position)
            return argument(source, position)[1] if name == "bibliography" else position
        if name == "lstinputlisting":
            _, position = optional(source, position)
            file, position = argument(source, position)
            self.block(RefusedNode("code", "verbatim", file, ""))
            return position
        return self._front_matter(name, source, position)

    def _front_matter(self, name: str, source: str, position: int) -> int:
        start = position
        for kind in known.FRONT_MATTER_COMMANDS[name]:
            if kind == "o":
                _, position = optional(source, position)
            else:
                _, position = argument(source, position)
        content = source[start:position]
        if content.strip("{}[] \n"):
            self.deferred.append(RefusedNode("front-matter", "no-block", "\\" + name, content))
        return position

    def _title(self, title: str) -> None:
        self.title = ""
        self.flush()
        title = re.sub(
            r"\\(?:thanks|footnote|titlenote|tnoteref)\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", title
        )
        self.nodes.append(HeadingNode(0, _LABEL.sub("", title).replace("\\\\", " ")))

    def _appendix(self) -> None:
        top = "chapter" if self.has_chapters else "section"
        self.in_appendix = True
        self.counters.set(top, 0)
        self.counters.formats[top] = f"\\Alph{{{top}}}"

    def _box(self, name: str, source: str, match: re.Match[str]) -> int:
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
            self._subfloat_command(first, content)
            return end
        if not _BLOCKISH.search(content):
            self.buffer.append(source[match.start() : end])
        else:
            self.walk(content)
        return end

    def _subfloat_command(self, captions: Sequence[str], content: str) -> None:
        caption = next((one for one in reversed(captions) if one.strip()), "")
        self._subfloat("subfigure", "{}" + content + (f"\\caption{{{caption}}}" if caption else ""))

    # -- counters -----------------------------------------------------------------------------

    def _counter(self, name: str, source: str, position: int) -> int:
        if name in ("counterwithin", "counterwithout"):
            position += source.startswith("*", position)
        counter, position = argument(source, position)
        counter = counter.strip()
        if name in ("stepcounter", "refstepcounter"):
            number = self.counters.step(counter)
            if name == "refstepcounter":
                self.anchor = Label(number, counter)
            return position
        if name == "newcounter":
            within, position = optional(source, position)
            if within:
                self.counters.parents[counter] = within.strip()
            return position
        value, position = argument(source, position)
        if name == "VaryFormat":
            self.counters.formats[counter] = value
        elif name in ("numberwithin", "counterwithin"):
            self.counters.within(counter, value.strip())
        elif name == "counterwithout":
            self.counters.within(counter, "")
        elif re.fullmatch(r"\s*-?\d{1,6}\s*", value):
            base = self.counters.values.get(counter, 0) if name == "addtocounter" else 0
            self.counters.set(counter, base + int(value))
        return position


def node_kind(node: Node) -> str:
    """The word under which a node is counted."""
    if isinstance(node, RefusedNode):
        return node.kind
    return {"TextNode": "text", "HeadingNode": "heading", "DisplayNode": "formula",
            "TableNode": "table", "ListNode": "list"}[type(node).__name__]  # fmt: skip


def _is_argument(before: str) -> bool:
    """Whether a brace behind this source opens an argument and not just a group."""
    match = _COMMAND_BEFORE.search(before)
    if match is None:
        return False
    name = match.group(1)
    return name is None or not (
        name in DECLARATIONS or name in SYMBOLS or DROPPED.get(name, "m") in ("", "d")
    )


def _source_of(node: Node) -> str:
    if isinstance(node, DisplayNode):
        return " \\\\ ".join(node.rows)
    if isinstance(node, TableNode):
        return node.body
    if isinstance(node, ListNode):
        return "\\item …"
    return node.source


def _closing_bracket(source: str, position: int) -> int:
    depth = 0
    for sign in _INLINE_SIGN.finditer(source, position):
        if sign.group() == "\\[":
            depth += 1
        elif sign.group() == "\\]":
            if depth == 0:
                return sign.start()
            depth -= 1
    raise Unfit("unbalanced", "\\[")
