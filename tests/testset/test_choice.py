"""Which candidates become a test set."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from vary_data.base.errors import UsageError
from vary_data.testset import BuildRequest
from vary_data.testset.choice import Candidate, choose

LATEX = BuildRequest(latex=("papers",), tables=4, formulas=3)


def candidate(number: int, doc: str = "d", text: str = "", **facts: Any) -> Candidate:
    words = text or " ".join(f"w{number}-{i}" for i in range(60))
    meta = facts.pop("meta", {})
    named = {"lang": "en", "format": "plain", "source": "s", "license": "l", **facts}
    return Candidate(folder="pool", id=f"id-{number}", doc_id=doc, text=words, meta=meta, **named)


def ids(chosen: list[Candidate]) -> set[str]:
    return {c.id for c in chosen}


def test_documents_take_turns() -> None:
    request = BuildRequest(pages_en=("a",), english=6)
    many = [candidate(i, doc="thick") for i in range(50)]
    few = [candidate(100 + i, doc=f"thin-{i // 2}") for i in range(4)]
    chosen = choose("pages-en", [*many, *few], [], request)
    assert Counter(c.doc_id for c in chosen) == {"thick": 2, "thin-0": 2, "thin-1": 2}
    assert chosen == choose("pages-en", [*few[::-1], *many[::-1]], [], request)
    other = BuildRequest(pages_en=("a",), english=6, seed=1)
    assert ids(chosen) != ids(choose("pages-en", [*many, *few], [], other))


def test_scraps_and_repetitions_are_left_out() -> None:
    request = BuildRequest(pages_en=("a",), min_characters=100)
    page = " ".join(f"word{i}" for i in range(100))
    almost = page.replace("word50", "another")
    same = [candidate(i, doc=str(i), text=t) for i, t in enumerate((page, page, almost, "short"))]
    assert len(choose("pages-en", same, [], request)) == 1
    assert choose("pages-en", same[:3], [candidate(9, text=page)], request) == []


def test_a_page_is_for_tables_or_for_formulas() -> None:
    both = {"blocks": {"table": 1, "formula": 2}}
    pages = [candidate(i, doc=str(i), format="mmd", meta=both) for i in range(5)]
    pages += [candidate(9, doc="9", format="mmd", meta={"blocks": {"formula": 1}})]
    pages += [candidate(10, doc="10", format="mmd", meta={"blocks": {"paragraph": 4}})]
    tables = choose("tables", pages, [], LATEX)
    formulas = choose("formulas", pages, tables, LATEX)
    assert len(tables) == 4
    assert len(formulas) == 2
    assert not ids(tables) & ids(formulas)
    assert "id-10" not in ids(tables) | ids(formulas)
    assert "id-9" in ids(formulas)


def test_charts_are_taken_by_type() -> None:
    types = ["bar"] * 5 + ["pie"] * 3 + ["line"]
    charts = [
        candidate(i, doc=str(i), format="dict", text=f"{{'values': {{'a': '{i}'}}}}", meta=m)
        for i, m in enumerate({"type": t} for t in types)
    ]
    chosen = choose("charts-en", charts, [], BuildRequest(charts=2))
    assert Counter(c.chart_type for c in chosen) == {"bar": 2, "pie": 2, "line": 1}


def test_what_is_asked_for() -> None:
    with pytest.raises(UsageError, match="a test set needs a source"):
        BuildRequest()
    assert BuildRequest(pages_en=("a",), english=0, latex=("b",)).wanted() == {
        "tables": 100,
        "formulas": 100,
    }
    command = BuildRequest(pages_en=("/home/me/my books",), charts=1, license="MIT").command()
    assert command.startswith("vary-data testset --pages-en 'my books' --english 100")
    assert "/home" not in command
