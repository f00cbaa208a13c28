"""Counters of theorems, sections, formulas and floats."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NUMBER = (
    r"\\@?(arabic|roman|Roman|alph|Alph|fnsymbol|chinese|zhnumber)(?![A-Za-z])\s*"
    r"(?:\{\s*([A-Za-z]+)\s*\}|\\c@([A-Za-z]+)|\*)|\\the([A-Za-z]+)"
)
_STARRED = re.compile(r"(\\[A-Za-z]+)\s*\*")
_IN_LABEL = re.compile(_NUMBER)
_FORMAT = re.compile(_NUMBER + r"|\\[A-Za-z]+|[{}]")
_ITEM_FORMATS = {
    "enumi": r"\arabic{enumi}", "enumii": r"\alph{enumii}",
    "enumiii": r"\roman{enumiii}", "enumiv": r"\Alph{enumiv}",
}  # fmt: skip
_SYMBOLS = ("∗", "†", "‡", "§", "¶", "‖", "∗∗", "††", "‡‡")
"""What `fnsymbol` prints for 1 to 9."""
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_PARENTS = {
    "section": "chapter", "subsection": "section", "subsubsection": "subsection",
    "paragraph": "subsubsection", "enumii": "enumi", "enumiii": "enumii",
}  # fmt: skip

_LOWEST, _HIGHEST = -10_000, 1_000_000
"""Bounds of a counter, so that numbers stay short whatever the source sets."""
_MAX_DEPTH = 10
"""Counters within counters, in case a document nests them in a circle."""
_MAX_FORMAT_DEPTH = 6
"""Printed numbers inside printed numbers, for the same reason."""
_MAX_FORMATS = 100
"""All printed numbers inside one: each format may name the next one many times."""
_MAX_FORMAT = 500
"""Characters of a format that is used."""


@dataclass(slots=True)
class Counters:
    """LaTeX's counters; `with_chapters` resets sections with every chapter."""

    with_chapters: bool = False
    values: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    _formats_used: int = 0

    def __post_init__(self) -> None:
        self.parents.update(_PARENTS)
        self.formats.update(_ITEM_FORMATS)
        if not self.with_chapters:
            self.parents.pop("section")
            return
        for name in ("equation", "figure", "table", "algorithm", "listing"):
            self.parents[name] = "chapter"

    def step(self, name: str) -> str:
        """Adds one, resets the counters within it, and returns the printed number."""
        self.set(name, self.values.get(name, 0) + 1)
        return self.printed(name)

    def set(self, name: str, value: int) -> None:
        """Set a counter, within limits, and reset those that are counted within it."""
        self.values[name] = max(_LOWEST, min(value, _HIGHEST))
        self._reset(name, 0)

    def _reset(self, parent: str, depth: int) -> None:
        for child, of in self.parents.items():
            if of == parent and child != parent and depth < _MAX_DEPTH:
                self.values[child] = 0
                self._reset(child, depth + 1)

    def within(self, name: str, parent: str) -> None:
        """`\\numberwithin{name}{parent}`; an empty parent takes it out again."""
        self.formats.pop(name, None)
        if parent:
            self.parents[name] = parent
        else:
            self.parents.pop(name, None)

    def printed(self, name: str, depth: int = 0) -> str:
        """The number as the document prints it, with those of its parents: `2.3`."""
        value = self.values.get(name, 0)
        self._formats_used = self._formats_used + 1 if depth else 0
        if depth > _MAX_FORMAT_DEPTH or self._formats_used > _MAX_FORMATS:
            return str(value)
        format = self.formats.get(name)
        if format is not None and len(format) <= _MAX_FORMAT:
            return _FORMAT.sub(lambda match: self._piece(match, depth), format).strip()
        parent = self.parents.get(name)
        if parent is None or (parent == "chapter" and not self.values.get("chapter")):
            return str(value)
        return f"{self.printed(parent, depth + 1)}.{value}"

    def set_format(self, name: str, source: str) -> None:
        """Print a counter by a source with `\\arabic*` or similar that does not name it."""
        if f"\\the{name}" not in source:
            self.formats[name] = _STARRED.sub(lambda match: f"{match[1]}{{{name}}}", source)

    def in_label(self, source: str, own: str) -> str:
        """A label's source with the numbers in it printed; `\\arabic*` is that of `own`.

        Other commands stay, for the reader of text to print or reject.
        """
        if len(source) > _MAX_FORMAT:
            return source
        return _IN_LABEL.sub(lambda match: self._piece(match, 0, own), source)

    def _piece(self, match: re.Match[str], depth: int, own: str = "") -> str:
        style, braced, plain, other = match.groups()
        if style:
            return numeral(self.values.get(braced or plain or own, 0), style)
        if own and other not in {*self.values, *self.parents, *self.formats}:
            return match.group()
        return self.printed(other, depth + 1) if other else ""


def numeral(value: int, style: str) -> str:
    """A number as `arabic`, `roman`, `Roman`, `alph`, `fnsymbol` or `chinese` print it."""
    if style in ("alph", "Alph") and 1 <= value <= 26:
        return chr((96 if style == "alph" else 64) + value)
    if style == "fnsymbol" and 1 <= value <= len(_SYMBOLS):
        return _SYMBOLS[value - 1]
    if style in ("roman", "Roman") and 1 <= value < 4000:
        text = ""
        rest = value
        for size, sign in _ROMAN:
            text += sign * (rest // size)
            rest %= size
        return text if style == "roman" else text.upper()
    if style in ("chinese", "zhnumber") and 0 <= value <= 99:
        digits = "零一二三四五六七八九"
        tens, ones = divmod(value, 10)
        head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
        return (head + (digits[ones] if ones else "")) or digits[0]
    return str(value)
