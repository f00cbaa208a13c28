"""The style of running text while it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from renderers.latex.blocks import Text
from renderers.latex.color_tag import Color


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The style at one point; `case` is `upper`, `lower` or empty. Quotations in `quoted` text have
    single marks."""

    bold: bool = False
    italic: bool = False
    mono: bool = False
    underline: bool = False
    color: Color | None = None
    case: str = ""
    quoted: bool = False

    def text(self, text: str) -> Text:
        """A span of text in this style."""
        return Text(text, self.bold, self.italic, self.mono, self.underline, self.color)

    def with_name(self, name: str) -> TextStyle:
        """The style inside `\\textbf` (`bold`), `\\em` (`italic`), `\\normalfont` (`plain`), …"""
        if name == "bold":
            return replace(self, bold=True)
        if name == "italic":
            return replace(self, italic=True)
        if name == "mono":
            return replace(self, mono=True)
        if name == "underline":
            return replace(self, underline=True)
        if name in ("upper", "lower"):
            return replace(self, case=name)
        if name == "upright":
            return replace(self, italic=False)
        if name == "medium":
            return replace(self, bold=False)
        if name == "plain":
            return replace(self, bold=False, italic=False, mono=False)
        return self
