"""The style of running text while it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The style at one point; `case` is `upper`, `lower` or empty."""

    bold: bool = False
    italic: bool = False
    mono: bool = False
    case: str = ""

    def with_name(self, name: str) -> TextStyle:
        """The style inside `\\textbf` (`bold`), `\\em` (`italic`), `\\normalfont` (`plain`), …"""
        if name == "bold":
            return replace(self, bold=True)
        if name == "italic":
            return replace(self, italic=True)
        if name == "mono":
            return replace(self, mono=True)
        if name in ("upper", "lower"):
            return replace(self, case=name)
        if name == "upright":
            return replace(self, italic=False)
        if name == "medium":
            return replace(self, bold=False)
        return TextStyle(case=self.case) if name == "plain" else self
