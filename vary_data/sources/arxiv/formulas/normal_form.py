"""Convert a formula's source to a normal form that all renderers print.

Every argument gets braces, white space is removed, font switches become commands with arguments.
A command or character that KaTeX, Mathpix Markdown or pdflatex does not support is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from renderers.latex.blocks import Inline, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas import physics, quantities
from vary_data.sources.arxiv.formulas.delimiters import read_delimiter, read_negated
from vary_data.sources.arxiv.formulas.environments import read_environment
from vary_data.sources.arxiv.formulas.fractions import general_fraction
from vary_data.sources.arxiv.formulas.letter_styles import in_alphabet
from vary_data.sources.arxiv.formulas.pieces import join, math_text, without_last_space
from vary_data.sources.arxiv.formulas.tokens import MathTokens, is_chinese
from vary_data.sources.arxiv.scan import split_cells, split_rows
from vary_data.sources.arxiv.vocabulary import formula_commands as known

TextReader = Callable[[str], Sequence[Text | Inline]]
"""Turns the argument of `\\text` into spans."""

_PLAIN = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-*/=<>()[]|.,;:!?@"
)
_SIMPLE = re.compile(r"[A-Za-z0-9]|\\math[a-z]+\{[A-Za-z0-9]+\}")
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_UNIT_QUANTITY = re.compile(rf"\s*(?:\[[^\[\]]*\])?\s*{_GROUP}\s*\{{")
_MAX_DEPTH = 60


def normalize_formula(source: str, read_text: TextReader) -> str:
    """The normal form of an inline formula or of a single equation.

    Raises:
        Rejected: source that has no normal form.
    """
    parser = _FormulaParser(source, read_text)
    result = parser.atoms(frozenset())
    if parser.stream.token is not None:
        raise Rejected("misplaced", parser.stream.token)
    result = without_last_space(result)
    if not result:
        raise Rejected("empty-formula")
    return result


def normalize_row(source: str, read_text: TextReader) -> str:
    """The normal form of one row of an alignment, its cells separated by ` & `.

    Raises:
        Rejected: source that has no normal form.
    """
    cells = [_cell(cell, read_text) for cell in split_cells(source)]
    return " & ".join(cells).strip()


def _cell(source: str, read_text: TextReader) -> str:
    parser = _FormulaParser(source, read_text)
    result = parser.atoms(frozenset())
    if parser.stream.token is not None:
        raise Rejected("misplaced", parser.stream.token)
    return without_last_space(result)


class _FormulaParser:
    """Recursive descent over tokens."""

    def __init__(self, source: str, read_text: TextReader) -> None:
        self.stream = MathTokens(source)
        self.read_text = read_text
        self.depth = 0

    # -- lists and atoms ----------------------------------------------------------------------

    def atoms(self, stops: frozenset[str]) -> str:
        """Atoms up to one of `stops` (which stays), a closing brace or the end."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Rejected("too-deep")
        out: list[str] = []
        scripts = ""
        self.stream.last = ""
        while (token := self.stream.token) is not None and token not in stops and token != "}":
            if token in ("&", "\\\\", "\\end", "\\right"):
                raise Rejected("misplaced", token)
            if token in ("^", "_", "'"):
                scripts = self._script(out, scripts)
                continue
            if token == "\\over" or token in ("\\choose", "\\atop"):
                self.stream.next()
                left, right = join(out), self.atoms(stops)
                if token == "\\atop":
                    out = ["\\substack{" + left + " \\\\ " + right + "}"]
                else:
                    command = "\\frac" if token == "\\over" else "\\binom"
                    out = [f"{command}{{{left}}}{{{right}}}"]
                break
            if token[1:] in known.FONT_SWITCHES and token[0] == "\\":
                self.stream.next()
                rest = self.atoms(stops)
                if rest:
                    out.append(in_alphabet(known.FONT_SWITCHES[token[1:]], rest))
                break
            if atom := self.atom():
                out.append(atom)
                scripts = ""
        self.depth -= 1
        return join(out)

    def _script(self, out: list[str], scripts: str) -> str:
        sign = self.stream.next()
        self.stream.last = ""
        # Primes are a superscript; only a ^ directly after them joins it.
        above = "^" in scripts or ("'" in scripts and not scripts.endswith("'"))
        if above if sign != "_" else "_" in scripts:
            raise Rejected("double-script", sign)
        if not out and not scripts:
            out.append("{}")
        if sign == "'":
            out.append("'")
            return scripts + "'"
        out.append(f"{sign}{{{self.argument()}}}")
        self.stream.last = ""
        return scripts + sign

    def argument(self) -> str:
        token = self.stream.token
        self.stream.last = ""
        if token == "{":
            self.stream.next()
            return self._rest_of_group()
        if token is None or token in ("}", "&", "\\\\", "^", "_"):
            raise Rejected("missing-argument", self.stream.last)
        if token[1:] in known.FONT_SWITCHES and token[0] == "\\":
            self.stream.next()
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                raise Rejected("too-deep")
            content = self.argument()
            self.depth -= 1
            return in_alphabet(known.FONT_SWITCHES[token[1:]], content)
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Rejected("too-deep")
        atom = ""
        while not atom and self.stream.token is not None:
            atom = self.atom()
        self.depth -= 1
        return atom

    def _rest_of_group(self) -> str:
        content = self.atoms(frozenset())
        if self.stream.token != "}":
            raise Rejected("unbalanced", "{")
        self.stream.next()
        return content

    def atom(self) -> str:
        """One atom in normal form; empty for what prints nothing or was rewritten in place."""
        token = self.stream.next()
        if token == "{":
            content = self._rest_of_group()
            if _SIMPLE.fullmatch(content) or (not content and self.stream.token not in ("^", "_")):
                return content
            return f"{{{content}}}"
        if token[0] == "\\" and len(token) > 1:
            name = token[1:]
            result = self._command(name)
            self.stream.last = token
            return result
        self.stream.last = token
        if token in _PLAIN:
            return token
        if token == "~":
            return "\\ "
        if token == '"':
            self.stream.push("''")
            return ""
        if token in known.CHARACTERS:
            self.stream.push(known.CHARACTERS[token] + " ")
            return ""
        if is_chinese(token):
            return f"\\text{{{token}{self.stream.chinese()}}}"
        raise Rejected("character", token)

    def _command(self, name: str) -> str:
        name = known.RENAMED.get(name, name)
        if name in known.PLAIN:
            return "\\" + name
        if name in known.SIZES:
            return f"\\{name}{read_delimiter(self.stream)}"
        command = self._known(name)
        if command is None:
            raise Rejected("unknown-command", "\\" + name)
        if command.action == "text":
            return self._text(name)
        if command.action in ("keep", "alphabet"):
            return self._with_arguments(command)
        if command.action == "rewrite":
            self.stream.push(command.value + " ")
            return ""
        if command.action == "space":
            return self._space(command)
        if command.action == "verbatim":
            spans = self.read_text(f"\\{name}{{{self.stream.argument()}}}")
            return join([math_text(span) for span in spans if isinstance(span, Text)])
        if command.action == "physics" or (name == "qty" and self._is_physics_quantity()):
            self.stream.push(physics.rewritten(name, self.stream))
            return ""
        if command.action == "quantity":
            self.stream.skip_optional()
            arguments = [self.stream.argument() for _ in range(command.arguments)]
            self.stream.push(quantities.source(name, arguments) + " ")
            return ""
        if command.action in ("unwrap", "unwrap_first"):
            return self._unwrapped(command)
        if command.action == "drop":
            if command.star == "optional" and self.stream.token == "*":
                self.stream.next()
            if command.optional:
                self.stream.skip_optional()
            for _ in range(command.arguments):
                self.stream.argument()
            return ""
        return self._structure(name)

    def _is_physics_quantity(self) -> bool:
        """Whether `\\qty` is that of physics, `\\qty(x)`, and not of siunitx, `\\qty{1}{m}`."""
        rest = self.stream.rest()
        return _UNIT_QUANTITY.match(rest) is None

    def _known(self, name: str) -> known.FormulaCommand | None:
        """The row for a command, or for its starred form if there is one and a star follows."""
        starred = known.COMMANDS.get(f"{name}*")
        if starred is not None and self.stream.token == "*":
            self.stream.next()
            return starred
        return known.COMMANDS.get(name)

    def _structure(self, name: str) -> str:
        if name == "left":
            return self._fence()
        if name == "genfrac":
            self.stream.push(general_fraction([self.stream.argument() for _ in range(6)]))
            return ""
        if name == "not":
            return read_negated(self.stream)
        if name in ("limits", "nolimits"):
            last = self.stream.last
            movable = last[1:] in known.LIMIT_OPERATORS or last == "\\mathop"
            return "\\" + name if movable else ""
        if name == "begin":
            return read_environment(self.stream, partial(normalize_row, read_text=self.read_text))
        raise Rejected("unknown-command", "\\" + name)

    def _with_arguments(self, command: known.FormulaCommand) -> str:
        name = command.command
        star = ""
        if command.star == "optional" and self.stream.token == "*":
            star = self.stream.next()
        bracket = self._bracketed() if command.optional else ""
        if name == "substack":
            rows = [_cell(row, self.read_text) for row in split_rows(self.stream.argument())]
            return "\\substack{" + " \\\\ ".join(row for row in rows if row) + "}"
        arguments = [self.argument() for _ in range(command.arguments)]
        self.stream.last = "\\" + name
        if command.action == "alphabet":
            return in_alphabet(name, arguments[0])
        return f"\\{name}{star}{bracket}" + "".join(f"{{{one}}}" for one in arguments)

    def _bracketed(self) -> str:
        if self.stream.token != "[":
            return ""
        self.stream.next()
        content = self.atoms(frozenset("]"))
        if self.stream.token != "]":
            raise Rejected("unbalanced", "[")
        self.stream.next()
        return f"[{content}]" if content else ""

    # -- fences -------------------------------------------------------------------------------

    def _fence(self) -> str:
        parts = ["\\left" + read_delimiter(self.stream)]
        stops = frozenset({"\\right", "\\middle"})
        while True:
            content = self.atoms(stops)
            parts.append(content)
            token = self.stream.token
            if token not in stops:
                raise Rejected("unbalanced", "\\left")
            parts.append(self.stream.next() + read_delimiter(self.stream))
            if token == "\\right":
                return join(parts)

    # -- text, spaces, wrappers ---------------------------------------------------------------

    def _text(self, name: str) -> str:
        if name == "tag":
            raise Rejected("misplaced", "\\tag")
        self.stream.skip_optional()
        if name in ("makebox", "parbox", "framebox"):
            self.stream.skip_optional()
            if name == "parbox":
                self.stream.argument()
        content = self.stream.argument()
        if name in ("ref", "eqref", "cref", "Cref", "autoref"):
            return join([math_text(span) for span in self._references(name, content)])
        style = name if name.startswith("text") and name not in ("text", "textup") else "mbox"
        out: list[str] = []
        for span in self.read_text(f"\\{style}{{{content}}}"):
            out.append(span.latex if isinstance(span, Inline) else math_text(span))
        if "fbox" in name or name == "framebox":
            return f"\\boxed{{{join(out)}}}"
        return join(out)

    def _references(self, name: str, keys: str) -> list[Text]:
        spans = self.read_text(f"\\{name}{{{keys}}}")
        return [span for span in spans if isinstance(span, Text)]

    def _space(self, command: known.FormulaCommand) -> str:
        if command.command in ("hspace", "mspace"):
            if command.star == "optional" and self.stream.token == "*":
                self.stream.next()
            width = self.stream.argument()
        else:
            width = self.stream.dimension()
        return "" if "-" in width else "\\quad" if re.search(r"\d\s*(em|cm|in)", width) else "\\ "

    def _unwrapped(self, command: known.FormulaCommand) -> str:
        self.stream.skip_optional()
        arguments = [self.stream.argument() for _ in range(command.arguments + 1)]
        content = arguments[0] if command.action == "unwrap_first" else arguments[-1]
        self.stream.push("{" + content.strip("$") + "}")
        return ""
