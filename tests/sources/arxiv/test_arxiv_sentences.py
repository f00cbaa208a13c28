"""What cannot be read takes its own sentence along, and what points to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex.blocks import Formula, Inline, Paragraph, Text
from tests.sources.arxiv.test_arxiv_document import read
from vary_data.sources.arxiv.text.sentences import sentences


def kept(folder: Path, body: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The text of each paragraph but the last, and kind and reason of what was left out."""
    extraction = read(folder, body)
    texts = [
        "".join(span.text if isinstance(span, Text) else f"${span.latex}$"
                for span in block.spans if isinstance(span, Text | Inline))
        if isinstance(block, Paragraph) else "|".join(block.rows)
        for block in extraction.document.blocks[:-1]
        if isinstance(block, Paragraph | Formula)
    ]  # fmt: skip
    return texts, [(one.kind, one.reason) for one in extraction.rejected]


@pytest.mark.parametrize(
    ("body", "texts", "lost"),
    [
        (r"One is here. A \nowhere{x} is bad. Two is there.", ["One is here. Two is there."],
         [("sentence", "unknown-command")]),
        (r"One is here. Let $\nowhere$ be bad. This is why. It is so. Two is there.",
         ["One is here. Two is there."],
         [("sentence", "unknown-command"), *[("sentence", "refers-to-rejected")] * 2]),
        (r"See Fig. 3, e.g. by \nowhere{A. B}. Two is there.", ["Two is there."],
         [("sentence", "unknown-command")]),
        (r"\nowhere", [], [("text", "unknown-command")]),
        (r"One is. \em Two is \nowhere. Three is.", [], [("text", "unknown-command")]),
        (r"One is here. So we have \[\nowhere\] where $x$ is. The rest is here.",
         ["One is here.", "The rest is here."],
         [("sentence", "refers-to-rejected"), ("formula", "unknown-command"),
          ("sentence", "refers-to-rejected")]),
        (r"So we have \[x\] where $x$ is.", ["So we have", "x", "where $x$ is."], []),
    ],
)  # fmt: skip
def test_a_sentence_that_cannot_be_read_goes_alone(
    tmp_path: Path, body: str, texts: list[str], lost: list[tuple[str, str]]
) -> None:
    assert kept(tmp_path, body) == (texts, lost)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A b. C d? E", ["A b. ", "C d? ", "E"]),
        ("By J. Doe et al. In 2 of Sec. 3. Now.", ["By J. Doe et al. In 2 of Sec. 3. ", "Now."]),
        (r"Is \(a. B\) so {A. B} it. Yes.", [r"Is \(a. B\) so {A. B} it. ", "Yes."]),
        ("甲是乙。丙！丁", ["甲是乙。", "丙！", "丁"]),
        (r"A. \VaryUndecided B. C.", [r"A. \VaryUndecided B. C."]),
        ("It is 3.5 m. and so on.", ["It is 3.5 m. and so on."]),
    ],
)  # fmt: skip
def test_sentences(source: str, expected: list[str]) -> None:
    assert sentences(source) == expected


@given(st.text("ab .。?{}\\()A1\n", max_size=60))
def test_sentences_are_the_whole_source(source: str) -> None:
    assert "".join(sentences(source)).strip() == source.strip()


def test_an_acronym_is_written_out_where_it_is_printed_first(tmp_path: Path) -> None:
    body = r"\newacronym{a}{AB}{Alpha Beta}Bad \gls{a} \nowhere. Good \gls{a} here."
    assert kept(tmp_path, body)[0] == ["Good Alpha Beta (AB) here."]
