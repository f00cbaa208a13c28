"""Words that are broken at the ends of rows, with and without their hyphens."""

import pytest

from renderers.pdf.blocks import Block
from renderers.pdf.hyphens import with_broken_words
from renderers.pdf.markdown import markdown
from renderers.pdf.rows import TextRow
from tests.renderers.pdf.drawn_pages import drawn, set_rows
from tests.renderers.pdf.pdf_inputs import read

FILLER = "The rest of the page has some more words so that it is long enough to be read."


def block(*texts, marked=()):
    marks = marked or [""] * len(texts)
    rows = zip(texts, marks, strict=True)
    return Block(
        tuple(
            TextRow(text, (0, 12 * i, 300, 12 * i + 10), 10, 12 * i + 8, (), marked=mark)
            for i, (text, mark) in enumerate(rows)
        )
    )


def joined(*texts, elsewhere=""):
    blocks = [block(*texts), block(elsewhere)] if elsewhere else [block(*texts)]
    return with_broken_words(blocks)[0].text


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "expected"),
    [
        ("a great responsi-", "bility for all", "", "a great responsibility for all"),
        ("they went with-", "out a word", "", "they went without a word"),  # three known words
        ("of a tree-", "structured index", "a tree, structured", "of a tree-structured index"),
        ("of a tree-", "structured index", "treestructured", "of a treestructured index"),
        ("a user-", "defined type", "some user-defined types", "a user-defined type"),
        ("the state-of-the-", "art method", "", "the state-of-the-art method"),
        ("is self-", "contained now", "", "is self-contained now"),
        ("the high-", "level view", "no level", "the high-level view"),
        ("by Jean-", "Paul and others", "", "by Jean-Paul and others"),
        ("pages 12-", "14 of it", "", "pages 12-14 of it"),
        ("a dash -", "after a space", "", "a dash - after a space"),
        ("über-", "setzung geht", "", "übersetzung geht"),
        ("of pre-", "and post-war years", "", "of pre- and post-war years"),
        ("die Vor-", "und Nachteile davon", "", "die Vor- und Nachteile davon"),
        ("they went in-", "to it", "", "they went into it"),
        ("see example.org/respon-", "sibility now", "", "see example.org/respon-sibility now"),
        ("see docs/some-", "page.html now", "", "see docs/some-page.html now"),
        ("by john-", "smith@example.org today", "", "by john-smith@example.org today"),
        ("the file archive.tar-", "gz here", "", "the file archive.tar-gz here"),
        ("a matter of responsi-", "bility: his", "", "a matter of responsibility: his"),
        ("an e-", "mail came", "", "an e-mail came"),
        ("an XML-", "derived format", "", "an XML-derived format"),
        ("a toolkit-", "based program", "", "a toolkit-based program"),
        ("his mother-", "in-law came", "", "his mother-in-law came"),
        ("he under-", "stood it", "", "he understood it"),
        ("中文-", "text 的", "", "中文-text 的"),
    ],
)
def test_broken_words(before, after, elsewhere, expected):
    assert joined(before, after, elsewhere=elsewhere) == expected


def test_a_word_over_three_rows():
    assert joined("an incompre-", "hensibili-", "ty of it") == "an incomprehensibility of it"


def test_broken_words_in_bold_and_italics():
    found = block(
        "a great responsi-", "bility here", marked=("a **great responsi-**", "**bility** here")
    )
    assert markdown(with_broken_words([found])) == "a **great responsibility** here"


def test_the_option_joins_words_and_rows_stay_as_drawn(tmp_path):
    rows = [
        "It was a matter of the greatest responsi-",
        "bility that they had seen, they said.",
        FILLER,
    ]
    path = drawn(tmp_path / "a.pdf", set_rows(rows))
    assert "responsi-bility" in read(path).text
    page = read(path, dehyphenate=True)
    assert "responsibility" in page.text
    assert rows[0] in [r.text for r in page.picture.regions if r.role == "line"]
    kept = read(path, dehyphenate=True, keep_rows=True)
    assert rows[0] in kept.text.split("\n")
