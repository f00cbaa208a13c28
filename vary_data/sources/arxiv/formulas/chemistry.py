r"""Convert the argument of `\ce` to formula source, by the manual of mhchem (version 4)."""

from __future__ import annotations

import re

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import group_end

_ARROWS = {
    "->": "\\xrightarrow", "<-": "\\xleftarrow", "<->": "\\leftrightarrow",
    "<-->": "\\rightleftarrows", "<=>": "\\rightleftharpoons", "<=>>": "\\rightleftharpoons",
    "<<=>": "\\rightleftharpoons",
}  # fmt: skip
_PLAIN_ARROWS = {"->": "\\rightarrow", "<-": "\\leftarrow"}
_ARROW = re.compile("|".join(map(re.escape, sorted(_ARROWS, key=len, reverse=True))))
_AMOUNT = re.compile(r"(?:\d+\s*/\s*\d+|\d+(?:[.,]\d+)?|[a-z](?=\s+[A-Z(\[]))\s*(?=[A-Z(\[^\\])")
_WORD = re.compile(r"[A-Za-z]+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?|[a-z](?![a-z])")
_CHARGE = re.compile(r"[+-](?=[\s)\]},]|$|\\?\))")
_STATE = re.compile(r"\((?:aq|s|l|g|ads|cr|aq,\s*\$?\\?infty\$?)\)")
_SCRIPT = re.compile(r"\d*[+-]|\d+|[A-Za-z]+|[*.]")
_BONDS = {"-": "-", "=": "=", "#": "\\equiv ", "~": "\\ "}
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_MATH = re.compile(r"\\\((.*?)\\\)", re.DOTALL)
_BOND_ORDERS = {"1": "-", "2": "=", "3": "\\equiv ", "-": "-", "=": "=", "#": "\\equiv "}
_GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "kappa", "lambda", "mu", "nu", "pi",
     "sigma", "omega", "Delta", "Omega")
)  # fmt: skip


def chemical(text: str) -> str:
    """The formula that `\\ce{text}` prints.

    Raises:
        Rejected: `chemistry`, what the manual does not describe.
    """
    reader = _ChemicalReader(" ".join(text.split()))
    reader.run()
    return "".join(reader.out)


class _ChemicalReader:
    """Reads from left to right; `after_atom` is whether digits are an index here."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.out: list[str] = []
        self.after_atom = False

    def run(self) -> None:
        while self.position < len(self.text):
            if not (self._space() or self._arrow() or self._formula_piece()):
                raise Rejected("chemistry", self.text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if not match:
            return ""
        self.position = match.end()
        return match.group()

    def _rest(self) -> str:
        return self.text[self.position :]

    def _space(self) -> bool:
        rest = self._rest()
        for sign, printed in ((" + ", "+"), (" - ", "-"), (" = ", "="), (" \\pm ", "\\pm ")):
            if rest.startswith(sign):
                self._add(printed, len(sign) - 1)
                return True
        if re.match(r" v(?= |$)", rest):
            self._add("\\downarrow ", 2)
        elif re.match(r" \^(?= |$)", rest):
            self._add("\\uparrow ", 2)
        elif rest.startswith(" "):
            ends = self.position == len(self.text) - 1 or _ARROW.match(rest, 1)
            after_sign = not self.after_atom
            self._add("" if ends or after_sign else "\\ ", 1)
        else:
            return False
        return True

    def _add(self, printed: str, length: int) -> None:
        self.out.append(printed)
        self.position += length
        self.after_atom = False

    def _arrow(self) -> bool:
        arrow = self._take(_ARROW)
        if not arrow:
            return False
        above, below = self._label(), self._label()
        command = _ARROWS[arrow]
        if not above and not below:
            self.out.append(_PLAIN_ARROWS.get(arrow, command) + " ")
        elif command.startswith("\\x"):
            self.out.append(f"{command}{f'[{below}]' if below else ''}{{{above}}}")
        else:
            labelled = f"\\overset{{{above}}}{{{command}}}" if above else command
            self.out.append(f"\\underset{{{below}}}{{{labelled}}}" if below else labelled)
        self.after_atom = False
        return True

    def _label(self) -> str:
        if not self._rest().startswith("["):
            return ""
        stop = self.text.find("]", self.position)
        if stop < 0:
            raise Rejected("chemistry", self.text)
        content = self.text[self.position + 1 : stop]
        self.position = stop + 1
        return chemical(content) if content.strip() else ""

    def _formula_piece(self) -> bool:
        if not self.after_atom and (amount := self._take(_AMOUNT)):
            number, _, below = amount.strip().partition("/")
            self.out.append(
                f"\\frac{{{number.strip()}}}{{{below.strip()}}}\\," if below else f"{number}\\,"
            )
            return True
        if state := self._take(_STATE):
            self.out.append(f"\\mathrm{{{state}}}")
            return True
        if self.after_atom and (index := self._take(_DIGITS)):
            self.out.append(f"_{{{index}}}")
            return True
        if word := self._take(_WORD):
            self.out.append(f"\\mathrm{{{word}}}")
            self.after_atom = True
            return True
        return self._sign()

    def _sign(self) -> bool:
        char = self.text[self.position]
        if char in "^_":
            self.position += 1
            self._script(char)
        elif char in "([":
            self._add(char, 1)
        elif char in ")]":
            self._add(char, 1)
            self.after_atom = True
        elif self.after_atom and (charge := self._take(_CHARGE)):
            self.out.append(f"^{{{charge}}}")
        elif char in "*." and self.after_atom:
            self._add("\\cdot ", 1)
        elif char in _BONDS:
            self._add(_BONDS[char], 1)
        elif char == "{":
            stop = group_end(self.text, self.position)
            inner = self.text[self.position + 1 : stop - 1]
            self.position = stop
            self.out.append(f"\\text{{{inner}}}" if inner else "{}")
            self.after_atom = bool(inner)
        elif char.isdigit() or char in "+,;/'|<>!":
            self.out.append(char)
            self.position += 1
        elif char == "\\":
            return self._command()
        else:
            return False
        return True

    def _script(self, sign: str) -> None:
        if self._rest().startswith("{"):
            stop = group_end(self.text, self.position)
            content = self.text[self.position + 1 : stop - 1]
            self.position = stop
        else:
            content = self._take(_SCRIPT)
            if not content:
                raise Rejected("chemistry", self.text)
        if math := _MATH.fullmatch(content.strip()):
            content = math.group(1)
        elif _WORD.fullmatch(content):
            content = f"\\mathrm{{{content}}}"
        content = content.replace("*", "\\ast ").replace(".", "\\cdot ")
        last = self.out[-1] if self.out else ""
        if not self.after_atom and last[:1] not in ("^", "_"):
            self.out.append("{}")  # an index before its atom
        self.out.append(f"{sign}{{{content}}}")

    def _command(self) -> bool:
        if math := _MATH.match(self.text, self.position):
            self.out.append(math.group(1))
            self.position = math.end()
            self.after_atom = True
            return True
        match = _COMMAND.match(self.text, self.position)
        if match and match.group(1) == "text" and self.text.startswith("{", match.end()):
            stop = group_end(self.text, match.end())
            self.out.append(f"\\text{self.text[match.end() : stop]}")
            self.position = stop
            return True
        if match and match.group(1) in _GREEK:
            self.out.append(match.group().strip() + " ")
            self.position = match.end()
            return True
        if match and match.group(1) == "bond" and self.text.startswith("{", match.end()):
            stop = group_end(self.text, match.end())
            order = self.text[match.end() + 1 : stop - 1].strip()
            self.position = stop
            self.after_atom = False
            self.out.append(_BOND_ORDERS.get(order, ""))
            return order in _BOND_ORDERS
        return False
