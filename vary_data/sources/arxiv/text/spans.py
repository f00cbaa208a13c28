"""Read running text into spans: styles, accents, quotes, references, inline formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from renderers.latex.blocks import Footnote, Inline, Span, Text
from renderers.latex.color_tag import Color
from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas import quantities
from vary_data.sources.arxiv.formulas.normal_form import normalize_formula
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.references.acronyms import acronym_text
from vary_data.sources.arxiv.references.references import References
from vary_data.sources.arxiv.scan import (
    dimension_end,
    environment_end,
    read_argument,
    read_optional,
    split_rows,
)
from vary_data.sources.arxiv.text.accents import accented
from vary_data.sources.arxiv.text.colors import color_of, read_colors
from vary_data.sources.arxiv.text.style import TextStyle
from vary_data.sources.arxiv.text.white_space import normalize_white_space
from vary_data.sources.arxiv.vocabulary import text_commands as known

_TOKEN = re.compile(
    r"(?P<word>\\[A-Za-z@]+)[ \t]*\n?[ \t]*|(?P<sign>\\[\s\S])|(?P<open>\{)|(?P<close>\})"
    r"|(?P<quote>``|''|`|')|(?P<dash>---?)|(?P<space>[\s~]+)|(?P<plain>[^\\{}`'\-\s~&$^_#%]+)"
    r"|(?P<other>.)"
)
_ONLY_SPACE = re.compile(
    r"(?:\s|~|\{\}|\\[ ,;:!>]|\\(?:quad|qquad|enspace|thinspace)(?![A-Za-z]))*"
)
"""A formula that prints only space."""
_FORMULA_SIGN = re.compile(r"\\[\s\S]")
_QUOTES = {"``": "“", "''": "”", "`": "‘", "'": "’"}
_DISPLAY_IN_TEXT = ("equation", "equation*", "displaymath", "math", "align*", "align", "gather*")
_DELIMITED_CODE = re.compile(r"\s*([^\s{}A-Za-z\\])(.*?)\1")
_DINGBATS = {"51": "\\checkmark", "52": "\\checkmark", "55": "\\times", "56": "\\times"}
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
        parser = _TextParser(self, source, footnotes)
        parser.run(TextStyle())
        return normalize_white_space(parser.spans, strip)

    def read_flat(self, source: str, strip: bool = True) -> tuple[Text | Inline, ...]:
        """Spans where footnotes are not possible: cells, captions, footnotes, formulas."""
        spans = self.read(source, footnotes=False, strip=strip)
        return tuple(span for span in spans if not isinstance(span, Footnote))

    def plain(self, source: str) -> str:
        """The text of a label.

        Raises:
            Rejected: as `read`, or a formula in the label.
        """
        spans = self.read_flat(source)
        if not all(isinstance(span, Text) for span in spans):
            raise Rejected("formula-in-label", source)
        return "".join(span.text for span in spans if isinstance(span, Text))

    def formula(self, source: str) -> str:
        if source not in self._formulas:
            self._formulas[source] = normalize_formula(source, self.text_in_formula)
        return self._formulas[source]

    def text_in_formula(self, source: str) -> tuple[Text | Inline, ...]:
        return self.read_flat(source, strip=False)


class _TextParser:
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
        if style.case:
            text = text.upper() if style.case == "upper" else text.lower()
        self.spans.append(style.text(text))

    def _read(self, source: str, style: TextStyle) -> None:
        """Reads an argument in its own group."""
        inner = _TextParser(self.reader, source, self.footnotes, self.depth)
        inner.spans = self.spans
        inner.run(style)

    def _argument(self) -> str:
        content, self.position = read_argument(self.source, self.position)
        return content

    def _optional(self) -> str | None:
        content, self.position = read_optional(self.source, self.position)
        return content

    def _star(self) -> bool:
        if self.source.startswith("*", self.position):
            self.position += 1
            return True
        return False

    def _signature(self, signature: str) -> list[str]:
        found: list[str] = []
        for kind in signature:
            if kind == "s":
                self._star()
            elif kind == "o":
                self._optional()
            elif kind == "d":
                self.position = dimension_end(self.source, self.position)
            else:
                found.append(self._argument())
        return found

    # -- commands -----------------------------------------------------------------------------

    def _sign(self, sign: str, style: TextStyle) -> None:
        if sign == "(":
            self._formula_until(")")
        elif sign == "[":
            self._formula_until("]")
        elif sign == "\\":
            self._star()
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
        letter = self._argument()
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
                    self._inline(self.source[start : match.start()])
                    return
                depth -= 1
        raise Rejected("unbalanced", "\\(")

    def _inline(self, source: str) -> None:
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
            _SPECIAL[name](self, name, style)
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
            self._star()
            references, keys = self.reader.references, self._argument()
            if name.endswith("range"):
                self._read(references.range(name, keys, self._argument()), style)
            else:
                self._read(references.reference(name, keys), style)
        elif command.action == "quantity":
            self._inline(quantities.source(name, self._signature(command.signature)))
        else:
            raise Rejected("unknown-command", "\\" + name)
        return style

    def _known(self, name: str) -> known.TextCommand | None:
        """The row for a command, or for its starred form if there is one and a star follows."""
        starred = self.reader.commands.get(f"{name}*")
        if starred is not None and self._star():
            return starred
        return self.reader.commands.get(name)

    def _styled(self, command: known.TextCommand, style: TextStyle) -> None:
        found = self._signature(command.signature)
        if command.value == "quote":
            self._read(f"``{found[-1]}''", style)
        else:
            self._read(found[-1], style.with_name(command.value))

    def _color(self, name: str, style: TextStyle) -> TextStyle:
        """`\\textcolor{red}{text}`, or `\\color{red}` for the rest of the group."""
        model = self._optional()
        color = color_of(self.reader.colors, model, self._argument())
        colored = replace(style, color=color)
        if name == "color":
            return colored
        self._read(self._argument(), colored)
        return style

    def _last_argument(self, signature: str, style: TextStyle) -> None:
        """Prints the argument after the signature, or the one that the signature marks with T."""
        kinds = [kind for kind in signature if kind in "mT"]
        found = self._signature(signature)
        last = self._argument()
        self._read(found[kinds.index("T")] if "T" in kinds else last, style)

    def _citation(self, name: str, style: TextStyle) -> None:
        self._star()
        before = self._optional()
        after = self._optional() if before is not None else None
        self._read(self.reader.references.citation(name, self._argument(), before, after), style)

    def _footnote(self, name: str, style: TextStyle) -> None:
        self._optional()
        content = self._argument()
        if not self.footnotes:
            raise Rejected("footnote", "\\" + name)
        spans = self.reader.read_flat(content)
        if spans:
            self.spans.append(Footnote(spans))

    def _code(self, name: str, style: TextStyle) -> None:
        """`\\code{a_b}` of some classes, and inline listings inside macros."""
        if name == "mintinline":
            self._optional()
            self._argument()
        elif name == "lstinline":
            self._optional()
        match = _DELIMITED_CODE.match(self.source, self.position)
        if match and name != "code":
            content, self.position = match.group(2), match.end()
        else:
            content = self._argument()
        mono = replace(style, mono=True)
        if "\\" not in content and "{" not in content:
            self.emit(content, mono)
        else:
            self._read(re.sub(r"(?<!\\)([_&#^%])", r"\\\1", content), mono)

    def _initial(self, name: str, style: TextStyle) -> None:
        """A large first letter and the rest of its word."""
        self._optional()
        self._read(self._argument(), style)
        self._read(self._argument(), style)

    def _diagonal(self, name: str, style: TextStyle) -> None:
        """The parts of a cell that a diagonal line divides, with a slash for the line."""
        self._optional()
        parts = [self._argument(), self._argument()]
        if self.source.startswith("{", self.position):
            parts.append(self._argument())
        for number, part in enumerate(parts):
            if number:
                self.emit(" / ", style)
            self._read(part, style)

    def _formula_sign(self, name: str, style: TextStyle) -> None:
        self._inline("\\" + name)

    def _ding(self, name: str, style: TextStyle) -> None:
        number = self._argument().strip()
        if number not in _DINGBATS:
            raise Rejected("unknown-command", f"\\ding{{{number}}}")
        self._inline(_DINGBATS[number])

    def _mark(self, name: str, style: TextStyle) -> None:
        self._optional()  # its text comes with \footnotetext

    def _verbatim(self, name: str, style: TextStyle) -> None:
        number = self._argument()
        # The expander writes these commands; a source that does so itself has no such piece.
        if not is_number(number) or int(number) >= len(self.reader.code):
            raise Rejected("verbatim", number)
        content = self.reader.code[int(number)]
        if name == "VaryCode":
            raise Rejected("verbatim")
        self.spans.append(Text(content, style.bold, style.italic, True))

    def _script(self, name: str, style: TextStyle) -> None:
        sign = "^" if name != "textsubscript" else "_"
        content = self._argument()
        if not content.strip():
            return
        self._inline(f"{{}}{sign}{{\\text{{{content}}}}}")

    def _ensuremath(self, name: str, style: TextStyle) -> None:
        self._inline(self._argument())

    def _hspace(self, name: str, style: TextStyle) -> None:
        self._star()
        width = self._argument()
        if "-" not in width:
            self.emit(" ", style)

    def _hskip(self, name: str, style: TextStyle) -> None:
        self.position = dimension_end(self.source, self.position)
        self.emit(" ", style)

    def _acronym(self, name: str, style: TextStyle) -> None:
        self._star()
        key = self._argument().strip()
        used = self.reader.used_acronyms
        text = acronym_text(name, key, self.reader.acronyms, key in used)
        used.add(key)
        self._read(text, style)

    def _environment(self, name: str, style: TextStyle) -> None:
        environment = self._argument()
        if environment not in _DISPLAY_IN_TEXT:
            raise Rejected("nested-block", environment)
        start, end = environment_end(self.source, self.position, environment)
        content = self.source[self.position : start]
        self.position = end
        content = re.sub(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)\b", "", content)
        if len([row for row in split_rows(content) if row.strip()]) > 1:
            raise Rejected("nested-block", environment)
        self._inline(content.replace("&", "").replace("\\\\", ""))

    def _character(self, name: str, style: TextStyle) -> None:
        if name == "symbol":
            code = self._argument()
        else:
            match = re.compile(r"\s*(\d{1,6})\s?").match(self.source, self.position)
            code = match.group(1) if match else ""
            self.position = match.end() if match else self.position
        if not is_number(code) or not 32 <= int(code) < 127:  # printable ASCII
            raise Rejected("unknown-command", f"\\{name}{code}")
        self.emit(chr(int(code)), style)


_SPECIAL: dict[str, Callable[[_TextParser, str, TextStyle], None]] = {
    **dict.fromkeys(("footnote", "footnotetext"), _TextParser._footnote),
    **dict.fromkeys(("footnotemark", "tablefootnotemark"), _TextParser._mark),
    **dict.fromkeys(("VaryVerb", "VaryCode"), _TextParser._verbatim),
    **dict.fromkeys(
        ("textsuperscript", "textsubscript", "tnote", "tablenotemark"), _TextParser._script
    ),
    **dict.fromkeys(
        (
            *("gls", "Gls", "glspl", "Glspl", "acrshort", "acrlong", "acrfull"),
            *("ac", "acp", "acs", "acl", "acf", "acsp", "aclp", "Ac"),
        ),
        _TextParser._acronym,
    ),
    **dict.fromkeys(("code", "mintinline", "lstinline"), _TextParser._code),
    **dict.fromkeys(("vdots", "ddots", "checkmark"), _TextParser._formula_sign),
    **dict.fromkeys(("char", "symbol"), _TextParser._character),
    **dict.fromkeys(("IEEEPARstart", "PARstart", "lettrine"), _TextParser._initial),
    **dict.fromkeys(("diagbox", "backslashbox", "slashbox"), _TextParser._diagonal),
    "ding": _TextParser._ding,
    "ensuremath": _TextParser._ensuremath,
    "hspace": _TextParser._hspace,
    "hskip": _TextParser._hskip,
    "begin": _TextParser._environment,
}
