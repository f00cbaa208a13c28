"""The reader of HTML is that of the library, in linear time."""

from __future__ import annotations

import random
import time
from html.parser import HTMLParser

import pytest

from vary_data.base.html_reader import HtmlReader

PIECES = (
    "<", "a", ">", "/", "!", "-", "--", "[", "]", "]]", "if", "cdata", " ", "=", "'", '"', "x",
    "<!--", "-->", "<a", "</a", "<?", "&lt", "<script>", "</script>", "\n", "<!doctype", "<td>",
)  # fmt: skip


class Library(HTMLParser):
    """What `HtmlReader` adds to, without its memory."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_html_declaration(self, i: int) -> int:
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)


def events(base: type[HTMLParser], text: str) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []

    class Reader(base):  # type: ignore[misc, valid-type]
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, attrs))

        def handle_endtag(self, tag: str) -> None:
            found.append(("/", tag))

        def handle_comment(self, data: str) -> None:
            found.append(("!", data))

        def handle_data(self, data: str) -> None:
            if found and found[-1][0] == "text":
                data = f"{found.pop()[1]}{data}"
            found.append(("text", data))

    reader = Reader()
    reader.feed(text)
    reader.close()
    return found


def test_it_reads_what_the_library_reads() -> None:
    rng = random.Random(0)
    for _ in range(3000):
        text = "".join(rng.choices(PIECES, k=rng.randrange(1, 25)))
        assert events(HtmlReader, text) == events(Library, text), text


@pytest.mark.parametrize(
    "piece", ["<td ", "<a b='", "<a b='>'", "</a", "<!--a--", "<!-- ->", "<![cdata[", "<?", "<!a"]
)
def test_what_begins_often_and_never_ends_takes_no_quadratic_time(piece: str) -> None:
    reader = HtmlReader()
    started = time.process_time()
    reader.feed(piece * 16_000)  # up to a minute for `html.parser` of Python 3.11
    reader.close()
    assert time.process_time() - started < 5
