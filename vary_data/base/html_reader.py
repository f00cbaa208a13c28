"""A reader of HTML that takes whatever stands in a text."""

from __future__ import annotations

from html.parser import HTMLParser


class HtmlReader(HTMLParser):
    """`html.parser` without its assertions: a broken declaration (`<![[`) is a comment, as browsers
    read it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_html_declaration(self, i: int) -> int:
        """The end of the declaration at `i`; -1 if it does not end."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)
