"""A reader of HTML that takes whatever stands in a text, in linear time."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_OPENING = re.compile(r"<!(?:--|\[[a-zA-Z]*|)")
"""What decides how a declaration ends."""
MAX_SEARCHED = 4_000_000
"""Characters that are read for start tags that do not end. What begins like one after so many is
text."""


class HtmlReader(HTMLParser):
    """`html.parser` without its assertions: a broken declaration (`<![[`) is a comment, as browsers
    read it.

    It looks for the end of each tag and comment: in a text in which thousands begin and none ends,
    it would read to the end of the text at each of them. Here, an end that was looked for in vain
    is not looked for again.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._missing: set[str] = set()
        """Ends that the rest of the text does not have."""
        self._searched = 0

    def feed(self, data: str) -> None:
        """Read some text."""
        self._missing.clear()
        self._searched = 0
        super().feed(data)

    def parse_starttag(self, i: int) -> int:
        """The end of the tag at `i`; -1 if it does not end, as where each `>` is in quotes."""
        end = -1
        if self._ends(i) and self._searched < MAX_SEARCHED:
            end = super().parse_starttag(i)
            self._searched += len(self.rawdata) - i if end < 0 else 0
        return end

    def parse_comment(self, i: int, report: bool = True) -> int:
        """The end of the comment at `i`; -1 if it does not end."""
        if "<!--" in self._missing or not self._ends(i):
            return -1
        end = super().parse_comment(i, report)
        if end < 0:
            self._missing.add("<!--")
        return end

    def parse_endtag(self, i: int) -> int:
        """The end of the tag at `i`; -1 if it does not end."""
        return super().parse_endtag(i) if self._ends(i) else -1

    def parse_pi(self, i: int) -> int:
        """The end of the instruction at `i`; -1 if it does not end."""
        return super().parse_pi(i) if self._ends(i) else -1

    def parse_html_declaration(self, i: int) -> int:
        """The end of the declaration at `i`; -1 if it does not end."""
        opening = _OPENING.match(self.rawdata, i)
        kind = opening[0].lower() if opening else ""
        if kind in self._missing or not self._ends(i):
            return -1
        try:
            end = super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)
        if end < 0:
            self._missing.add(kind)
        return end

    def _ends(self, i: int) -> bool:
        """Whether there is a `>` after `i`."""
        if ">" not in self._missing and self.rawdata.find(">", i) < 0:
            self._missing.add(">")
        return ">" not in self._missing
