"""Reference lists that are made to take endless time or memory."""

from __future__ import annotations

import time

import pytest

from vary_data.sources.arxiv.read.bibtex import read_bib, read_biblatex

COUNT = 50_000
ENTRY = r"\entry{a}{b}{}"


@pytest.mark.parametrize(
    "source",
    [
        ENTRY * COUNT,
        ENTRY * COUNT + r"\endentry",
        ENTRY + r"\name{author}{1}{}{" * COUNT + r"\endentry",
        ENTRY + r"\name{author}{1}{}{" * COUNT + "}" * COUNT + r"\endentry",
        ENTRY + r"\name{author}{1}{}{" + "family={" * COUNT + r"\endentry",
        ENTRY + r"\field{title}" * COUNT + r"\endentry",
    ],
)
def test_a_biblatex_file_takes_linear_time(source: str) -> None:
    started = time.process_time()
    read_biblatex(source)
    assert time.process_time() - started < 3


def test_a_value_of_macros_of_macros_does_not_grow_without_end() -> None:
    source = (
        f'@string{{a = "{"x" * 4000}"}}'
        f"@string{{b = a{' # a' * COUNT}}}"
        "@book{key, title = b # b, note = a # a # {y}, year = a # 1999, publisher = {Press}}"
    )
    started = time.process_time()
    entry = read_bib(source)["key"]
    assert time.process_time() - started < 3
    assert entry.fields.pop("year") == "x" * 4000 + "1999"
    assert entry.fields == {"title": "bb", "publisher": "Press"}
