"""Commands of running text that need more than a row of the table of commands.

Each is a function of the parser, which stands behind the command, the command's name and the style
around it. It reads the arguments from the parser and appends what is printed to the parser's spans.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from renderers.latex.blocks import Footnote, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.references.acronyms import acronym_text
from vary_data.sources.arxiv.scan import dimension_end, environment_end, split_rows
from vary_data.sources.arxiv.text.style import TextStyle

if TYPE_CHECKING:
    from vary_data.sources.arxiv.text.spans import TextParser

_DISPLAY_IN_TEXT = ("equation", "equation*", "displaymath", "math", "align*", "align", "gather*")
_DELIMITED_CODE = re.compile(r"\s*([^\s{}A-Za-z\\])(.*?)\1")
_DINGBATS = {"51": "\\checkmark", "52": "\\checkmark", "55": "\\times", "56": "\\times"}


def _footnote(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.optional()
    content = parser.argument()
    if not parser.footnotes:
        raise Rejected("footnote", "\\" + name)
    spans = parser.reader.read_flat(content)
    if spans:
        parser.spans.append(Footnote(spans))


def _code(parser: TextParser, name: str, style: TextStyle) -> None:
    """`\\code{a_b}` of some classes, and inline listings inside macros."""
    if name == "mintinline":
        parser.optional()
        parser.argument()
    elif name == "lstinline":
        parser.optional()
    match = _DELIMITED_CODE.match(parser.source, parser.position)
    if match and name != "code":
        content, parser.position = match.group(2), match.end()
    else:
        content = parser.argument()
    mono = replace(style, mono=True)
    if "\\" not in content and "{" not in content:
        parser.emit(content, mono)
    else:
        parser.read_group(re.sub(r"(?<!\\)([_&#^%])", r"\\\1", content), mono)


def _initial(parser: TextParser, name: str, style: TextStyle) -> None:
    """A large first letter and the rest of its word."""
    parser.optional()
    parser.read_group(parser.argument(), style)
    parser.read_group(parser.argument(), style)


def _diagonal(parser: TextParser, name: str, style: TextStyle) -> None:
    """The parts of a cell that a diagonal line divides, with a slash for the line."""
    parser.optional()
    parts = [parser.argument(), parser.argument()]
    if parser.source.startswith("{", parser.position):
        parts.append(parser.argument())
    for number, part in enumerate(parts):
        if number:
            parser.emit(" / ", style)
        parser.read_group(part, style)


def _formula_sign(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.emit_formula("\\" + name)


def _ding(parser: TextParser, name: str, style: TextStyle) -> None:
    number = parser.argument().strip()
    if number not in _DINGBATS:
        raise Rejected("unknown-command", f"\\ding{{{number}}}")
    parser.emit_formula(_DINGBATS[number])


def _mark(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.optional()  # its text comes with \footnotetext


def _verbatim(parser: TextParser, name: str, style: TextStyle) -> None:
    number = parser.argument()
    # The expander writes these commands; a source that does so itself has no such piece.
    if not is_number(number) or int(number) >= len(parser.reader.code):
        raise Rejected("verbatim", number)
    content = parser.reader.code[int(number)]
    if name == "VaryCode":
        raise Rejected("verbatim")
    parser.spans.append(Text(content, style.bold, style.italic, True))


def _script(parser: TextParser, name: str, style: TextStyle) -> None:
    sign = "^" if name != "textsubscript" else "_"
    content = parser.argument()
    if not content.strip():
        return
    parser.emit_formula(f"{{}}{sign}{{\\text{{{content}}}}}")


def _ensuremath(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.emit_formula(parser.argument())


def _fraction(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.optional()
    above, below = parser.argument(), parser.argument()
    parser.emit_formula(f"\\{name}{{{above}}}{{{below}}}")


def _linebreak(parser: TextParser, name: str, style: TextStyle) -> None:
    urgency = parser.optional()
    if urgency is None or urgency.strip() == "4":  # else a line may end there, and seldom does
        parser.emit(" ", style)


def _hspace(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.star()
    width = parser.argument()
    if "-" not in width:
        parser.emit(" ", style)


def _hskip(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.position = dimension_end(parser.source, parser.position)
    parser.emit(" ", style)


def _acronym(parser: TextParser, name: str, style: TextStyle) -> None:
    parser.star()
    key = parser.argument().strip()
    used = parser.reader.used_acronyms
    text = acronym_text(name, key, parser.reader.acronyms, key in used)
    used.add(key)
    parser.read_group(text, style)


def _environment(parser: TextParser, name: str, style: TextStyle) -> None:
    environment = parser.argument()
    if environment not in _DISPLAY_IN_TEXT:
        raise Rejected("nested-block", environment)
    start, end = environment_end(parser.source, parser.position, environment)
    content = parser.source[parser.position : start]
    parser.position = end
    content = re.sub(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)\b", "", content)
    if len([row for row in split_rows(content) if row.strip()]) > 1:
        raise Rejected("nested-block", environment)
    parser.emit_formula(content.replace("&", "").replace("\\\\", ""))


def _character(parser: TextParser, name: str, style: TextStyle) -> None:
    if name == "symbol":
        code = parser.argument()
    else:
        match = re.compile(r"\s*(\d{1,6})\s?").match(parser.source, parser.position)
        code = match.group(1) if match else ""
        parser.position = match.end() if match else parser.position
    if not is_number(code) or not 32 <= int(code) < 127:  # printable ASCII
        raise Rejected("unknown-command", f"\\{name}{code}")
    parser.emit(chr(int(code)), style)


SPECIAL_COMMANDS: dict[str, Callable[[TextParser, str, TextStyle], None]] = {
    **dict.fromkeys(("footnote", "footnotetext"), _footnote),
    **dict.fromkeys(("footnotemark", "tablefootnotemark"), _mark),
    **dict.fromkeys(("VaryVerb", "VaryCode"), _verbatim),
    **dict.fromkeys(("textsuperscript", "textsubscript", "tnote", "tablenotemark"), _script),
    **dict.fromkeys(
        (
            *("gls", "Gls", "glspl", "Glspl", "acrshort", "acrlong", "acrfull"),
            *("ac", "acp", "acs", "acl", "acf", "acsp", "aclp", "Ac"),
        ),
        _acronym,
    ),
    **dict.fromkeys(("code", "mintinline", "lstinline"), _code),
    **dict.fromkeys(("vdots", "ddots", "checkmark"), _formula_sign),
    **dict.fromkeys(("char", "symbol"), _character),
    **dict.fromkeys(("nicefrac", "sfrac"), _fraction),
    **dict.fromkeys(("IEEEPARstart", "PARstart", "lettrine"), _initial),
    **dict.fromkeys(("diagbox", "backslashbox", "slashbox"), _diagonal),
    "ding": _ding,
    "ensuremath": _ensuremath,
    "linebreak": _linebreak,
    "hspace": _hspace,
    "hskip": _hskip,
    "begin": _environment,
}
"""The function of each command with the action `special` in the table of commands."""
