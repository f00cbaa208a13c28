"""Read running text into spans: styles, accents, quotes, references, inline formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from renderers.latex.blocks import Footnote, Inline, Span, Text
from renderers.latex.color_tag import Color
from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas import quantities
from vary_data.sources.arxiv.formulas.normal_form import normalize_formula
from vary_data.sources.arxiv.formulas.signs import text_of_signs
from vary_data.sources.arxiv.references.references import References
from vary_data.sources.arxiv.scan import dimension_end, read_argument, read_optional
from vary_data.sources.arxiv.text.accents import accented
from vary_data.sources.arxiv.text.colors import color_of, read_colors
from vary_data.sources.arxiv.text.special_commands import SPECIAL_COMMANDS
from vary_data.sources.arxiv.text.style import TextStyle
from vary_data.sources.arxiv.text.white_space import normalize_white_space
from vary_data.sources.arxiv.vocabulary import text_commands as known

_TOKEN = re.compile(
    r"(?P<word>\\[A-Za-z@]+)[ \t]*\n?[ \t]*|(?P<sign>\\[\s\S])|(?P<open>\{)|(?P<close>\})"
    r"|(?P<inverted>[!?]`)|(?P<quote>``|''|`|')|(?P<dash>---?)|(?P<space>[\s~]+)"
    r"|(?P<plain>(?:[^\\{}`'\-\s~&$^_#%!?]|[!?](?!`))+)"
    r"|(?P<other>.)"
)
_ONLY_SPACE = re.compile(
    r"(?:\s|~|\{\}|\\[ ,;:!>]|\\(?:quad|qquad|enspace|thinspace)(?![A-Za-z]))*"
)
"""A formula that prints only space."""
_FORMULA_SIGN = re.compile(r"\\[\s\S]")
_QUOTES = {"``": "“", "''": "”", "`": "‘", "'": "’"}
_INVERTED = {"!`": "¡", "?`": "¿"}
"""What fonts join to one sign; the fonts of the templates do, too."""
_MAX_DEPTH = 40


@dataclass(slots=True)
class SpanReader:
    """Reads the text of one document, given its references and verbatim pieces."""

    references: References
    code: Sequence[str] = ()
    acronyms: dict[str, tuple[str, str]] = field(default_factory=dict)
    commands: Mapping[str, known.TextCommand] = field(default_factory=lambda: known.COMMANDS)
    colors: Mapping[str, Color] = field(default_factory=lambda: read_colors(""))
    used_acronyms: set[str] = field(default_factory=set)
    _formulas: dict[str, str] = field(default_factory=dict)

    def read(self, source: str, footnotes: bool = True, strip: bool = True) -> tuple[Span, ...]:
        """The spans of a paragraph.

        Raises:
            Rejected: a part that cannot be read exactly.
        """
        parser = TextParser(self, source, footnotes)
        parser.run(TextStyle())
        return normalize_white_space(parser.spans, strip)

    def read_flat(self, source: str, strip: bool = True) -> tuple[Text | Inline, ...]:
        """Spans where footnotes are not possible: cells, captions, footnotes, formulas."""
        spans = self.read(source, footnotes=False, strip=strip)
        return tuple(span for span in spans if not isinstance(span, Footnote))

    def plain(self, source: str) -> str:
        """The text of a label; formulas in it that are rows of signs become text.

        Raises:
            Rejected: as `read`, or another formula in the label.
        """
        spans = self.read_flat(source)
        pieces = [s.text if isinstance(s, Text) else text_of_signs(s.latex) for s in spans]
        if None in pieces:
            raise Rejected("formula-in-label", source)
        return "".join(piece for piece in pieces if piece)

    def formula(self, source: str) -> str:
        """A formula in its normal form.

        Raises:
            Rejected: a part of it is not known, or its text cannot be read exactly.
        """
        if source not in self._formulas:
            self._formulas[source] = normalize_formula(source, self.text_in_formula)
        return self._formulas[source]

    def text_in_formula(self, source: str) -> tuple[Text | Inline, ...]:
        """The spans of a text inside a formula, with the spaces at its ends."""
        return self.read_flat(source, strip=False)


class TextParser:
    """Reads one source; what it prints is appended to `spans`.

    `position` is where reading goes on in `source`; while a command is run, it is behind the name.
    Its methods raise `Rejected` for a part that cannot be read exactly, and for a footnote unless
    `footnotes` is set.
    """

    def __init__(self, reader: SpanReader, source: str, footnotes: bool, depth: int = 0) -> None:
        if depth > _MAX_DEPTH:
            raise Rejected("too-deep")
        self.reader = reader
        self.source = source
        self.footnotes = footnotes
        self.depth = depth
        self.position = 0
        self.spans: list[Span] = []

    def run(self, style: TextStyle, until_close: bool = False) -> None:
        """Reads to the end, or to the brace that closes this group."""
        source = self.source
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Rejected("too-deep")
        while self.position < len(source):
            match = _TOKEN.match(source, self.position)
            assert match is not None, "the last alternative matches any character"
            self.position = match.end()
            kind, piece = match.lastgroup, match.group()
            if kind == "word":
                style = self._command(match.group("word")[1:], style)
            elif kind == "sign":
                self._sign(piece[1], style)
            elif kind == "open":
                self.run(style, until_close=True)
            elif kind == "close":
                if not until_close:
                    raise Rejected("unbalanced", "}")
                self.depth -= 1
                return
            elif kind == "space":
                self.emit(" ", style)
            elif kind == "inverted":
                self.emit(piece if style.mono else _INVERTED[piece], style)
            elif kind == "quote":
                self.emit(piece if style.mono else _QUOTES[piece], style)
            elif kind == "dash":
                self.emit(piece if style.mono else "—" if len(piece) == 3 else "–", style)
            elif kind == "plain" or piece == "-":
                self.emit(piece, style)
            else:
                raise Rejected("misplaced", piece)
        if until_close:
            raise Rejected("unbalanced", "{")
        self.depth -= 1

    def emit(self, text: str, style: TextStyle) -> None:
        """Appends text, in the case that the style asks for."""
        if style.case:
            text = text.upper() if style.case == "upper" else text.lower()
        self.spans.append(style.text(text))

    def read_group(self, source: str, style: TextStyle) -> None:
        """Reads an argument in its own group."""
        inner = TextParser(self.reader, source, self.footnotes, self.depth)
        inner.spans = self.spans
        inner.run(style)

    def argument(self) -> str:
        """Reads a mandatory argument; returns it without its braces."""
        content, self.position = read_argument(self.source, self.position)
        return content

    def optional(self) -> str | None:
        """Reads an argument in brackets; returns None if there is none here."""
        content, self.position = read_optional(self.source, self.position)
        return content

    def star(self) -> bool:
        """Reads a star; returns whether there was one."""
        if self.source.startswith("*", self.position):
            self.position += 1
            return True
        return False

    def _signature(self, signature: str) -> list[str]:
        found: list[str] = []
        for kind in signature:
            if kind == "s":
                self.star()
            elif kind == "o":
                self.optional()
            elif kind == "d":
                self.position = dimension_end(self.source, self.position)
            else:
                found.append(self.argument())
        return found

    # -- commands -----------------------------------------------------------------------------

    def _sign(self, sign: str, style: TextStyle) -> None:
        if sign == "(":
            self._formula_until(")")
        elif sign == "[":
            self._formula_until("]")
        elif sign == "\\":
            self.star()
            match = re.compile(r"\s*\[[^\[\]]*\]").match(self.source, self.position)
            if match:
                self.position = match.end()
            self.emit(" ", style)
        elif sign in known.ACCENTS:
            self._accent(sign, style)
        elif sign in known.SYMBOLS:
            self.emit(known.SYMBOLS[sign], style)
        else:
            raise Rejected("unknown-command", "\\" + sign)

    def _accent(self, accent: str, style: TextStyle) -> None:
        letter = self.argument()
        if letter.startswith("\\") and len(letter) > 2 and letter[1:] in known.SYMBOLS:
            letter = known.SYMBOLS[letter[1:]]
        result = accented(accent, letter)
        if not result or "\\" in result:
            raise Rejected("accent", f"\\{accent}{{{letter}}}")
        self.emit(result, style)

    def _formula_until(self, closing: str) -> None:
        start, depth = self.position, 0
        for match in _FORMULA_SIGN.finditer(self.source, start):
            sign = match.group()[1]
            if sign == ("(" if closing == ")" else "["):
                depth += 1
            elif sign == closing:
                if depth == 0:
                    self.position = match.end()
                    self.emit_formula(self.source[start : match.start()])
                    return
                depth -= 1
        raise Rejected("unbalanced", "\\(")

    def emit_formula(self, source: str) -> None:
        """Appends a formula in its normal form; one that prints only space is space in the text."""
        if _ONLY_SPACE.fullmatch(source):
            self.spans.append(Text(" " if "\\" in source or "~" in source else ""))
        else:
            self.spans.append(Inline(self.reader.formula(source)))

    def _command(self, name: str, style: TextStyle) -> TextStyle:
        """Runs a command; returns the style of what follows."""
        command = self._known(name)
        if command is None:
            raise Rejected("unknown-command", "\\" + name)
        if command.action == "declaration":
            return style.with_name(command.value)
        if command.action == "special":
            SPECIAL_COMMANDS[name](self, name, style)
        elif command.action == "color":
            return self._color(name, style)
        elif command.action == "symbol":
            self.emit(command.value, style)
        elif command.action == "style":
            self._styled(command, style)
        elif command.action == "drop":
            self._signature(command.signature)
        elif command.action == "last_argument":
            self._last_argument(command.signature, style)
        elif command.action == "accent":
            self._accent(name, style)
        elif command.action == "citation":
            self._citation(name, style)
        elif command.action == "reference":
            self.star()
            references, keys = self.reader.references, self.argument()
            if name.endswith("range"):
                self.read_group(references.range(name, keys, self.argument()), style)
            else:
                self.read_group(references.reference(name, keys), style)
        elif command.action == "quantity":
            self.emit_formula(quantities.source(name, self._signature(command.signature)))
        else:
            raise Rejected("unknown-command", "\\" + name)
        return style

    def _known(self, name: str) -> known.TextCommand | None:
        """The row for a command, or for its starred form if there is one and a star follows."""
        starred = self.reader.commands.get(f"{name}*")
        if starred is not None and self.star():
            return starred
        return self.reader.commands.get(name)

    def _styled(self, command: known.TextCommand, style: TextStyle) -> None:
        found = self._signature(command.signature)
        if command.value == "quote":
            quoted = replace(style, quoted=not style.quoted)
            marks = "“”" if quoted.quoted else "‘’"
            self.read_group(f"{marks[0]}{found[-1]}{marks[1]}", quoted)
        else:
            self.read_group(found[-1], style.with_name(command.value))

    def _color(self, name: str, style: TextStyle) -> TextStyle:
        """`\\textcolor{red}{text}`, or `\\color{red}` for the rest of the group."""
        model = self.optional()
        color = color_of(self.reader.colors, model, self.argument())
        colored = replace(style, color=color)
        if name == "color":
            return colored
        self.read_group(self.argument(), colored)
        return style

    def _last_argument(self, signature: str, style: TextStyle) -> None:
        """Prints the argument after the signature, or the one that the signature marks with T."""
        kinds = [kind for kind in signature if kind in "mT"]
        found = self._signature(signature)
        last = self.argument()
        self.read_group(found[kinds.index("T")] if "T" in kinds else last, style)

    def _citation(self, name: str, style: TextStyle) -> None:
        self.star()
        before = self.optional()
        after = self.optional() if before is not None else None
        keys = self.argument()
        self.read_group(self.reader.references.citation(name, keys, before, after), style)
