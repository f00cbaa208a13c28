"""Content that must not change unnoticed, compared with files that were written on purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden import cases
from tests.golden.cases import FILES, ROWS, SHARES, RowCase
from vary_data.dataset.row_kinds import BUILT_IN

ON_MISMATCH = """
tests/golden/files/{name}.json does not agree with what the code makes now.
  Not intended? A change of yours altered the content of datasets: find it and undo it.
  Intended? 1. run `make golden` and read the diff of tests/golden/files
            2. raise vary_data.__version__, which gives every dataset a new plan id
            3. describe the change in CHANGELOG.md
On another system the fonts, TeX and Chromium of Debian 12 (scripts/install-system-packages) and
the packages of constraints.txt must be installed: they decide where text is.
"""


def golden(name: str) -> Any:
    return json.loads((FILES / f"{name}.json").read_text("utf-8"))


def check(name: str, made: Any, expected: Any) -> None:
    assert made == expected, ON_MISMATCH.format(name=name)


def test_documents_keep_their_splits() -> None:
    check("splits", cases.splits(), golden("splits"))


@pytest.mark.parametrize("change", [0.01, -0.01])
def test_a_shift_of_one_percent_is_noticed(change: float) -> None:
    shares = {**SHARES, "train": SHARES["train"] + change, "test": SHARES["test"] - change}
    assert cases.splits(shares) != golden("splits")


def test_a_small_recipe_keeps_its_plan() -> None:
    check("plan", cases.plan(), golden("plan"))


def test_every_built_in_row_kind_is_golden() -> None:
    rows = [row for case in ROWS for row in golden(case.name)["rows"]]
    assert {row["kind"] for row in rows} == set(BUILT_IN)


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.name)
def test_samples_keep_their_text_and_regions(
    case: RowCase, tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.name == "latex":
        monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    made, expected = cases.rows(case, tmp_path), golden(case.name)
    check(case.name, made["ids"], expected["ids"])
    for row, golden_row in zip(made["rows"], expected["rows"], strict=True):
        moved = largest_move(row.pop("regions"), golden_row.pop("regions"), case.name)
        check(case.name, row, golden_row)
        assert moved <= case.tolerance, ON_MISMATCH.format(name=case.name)


def largest_move(made: list[Any], expected: list[Any], name: str) -> float:
    """The farthest that a side of a region moved, in pixels; everything else must be equal."""
    check(name, [region[:3] for region in made], [region[:3] for region in expected])
    pairs = zip(made, expected, strict=True)
    moves = [abs(a - b) for m, e in pairs for a, b in zip(m[3:], e[3:], strict=True)]
    return max(moves, default=0.0)
