"""Scores answers by unit tests: the share of small facts that they state."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import DataError
from vary_data.base.errors import SourceError
from vary_data.unit_tests.run import score
from vary_data.unit_tests.unit_test import UnitTest, read_unit_tests

FILES = ("unit_tests.jsonl", "charts/facts.jsonl")
"""The files of a folder that `vary-data unit-tests` wrote."""


@dataclass(frozen=True, slots=True)
class UnitTestScores:
    """Tests passed and all tests, by type; rows that have tests, and those without an answer."""

    by_type: dict[str, tuple[int, int]]
    rows: int
    unanswered: int

    @property
    def overall(self) -> float:
        """The mean over types of the share that passed, as olmOCR-bench counts its files."""
        shares = [passed / of for passed, of in self.by_type.values()]
        return sum(shares) / len(shares)

    def table(self) -> str:
        """The scores as text."""
        lines = [f"{'unit tests':<12}{'passed':>16}{'share':>9}"]
        for kind, (passed, of) in self.by_type.items():
            lines.append(f"{kind:<12}{f'{passed:,} of {of:,}':>16}{passed / of:>9.3f}")
        lines.append(f"{'mean':<12}{'':>16}{self.overall:>9.3f}")
        return "\n".join(lines)

    def to_json(self) -> str:
        """The scores as JSON."""
        kinds = {kind: {"passed": p, "of": of} for kind, (p, of) in self.by_type.items()}
        values = {"overall": self.overall, "types": kinds, "rows": self.rows}
        return json.dumps({**values, "unanswered": self.unanswered}, indent=2) + "\n"


def open_unit_tests(place: Path) -> dict[str, list[UnitTest]]:
    """The tests of a folder or file, by row.

    Raises:
        DataError: there are none, or a line is no test.
    """
    files = [place] if place.is_file() else [place / name for name in FILES]
    by_row: defaultdict[str, list[UnitTest]] = defaultdict(list)
    try:
        for file in files:
            for test in read_unit_tests(file) if file.is_file() else ():
                by_row[test.row].append(test)
    except (SourceError, OSError) as error:
        raise DataError(f"{place} cannot be read ({error})", "expected unit tests") from error
    if not by_row:
        raise DataError(f"{place} has no unit tests", "`vary-data unit-tests OUT --to` writes them")
    return dict(by_row)


def score_unit_tests(
    tests: Mapping[str, Iterable[UnitTest]], answers: Mapping[str, str]
) -> UnitTestScores:
    """Score answers by row id; a row without an answer has the empty one."""
    passed: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for row, some in tests.items():
        for kind, (right, of) in score(some, answers.get(row, "")).items():
            passed[kind] += right
            all_[kind] += of
    by_type = {kind: (passed[kind], all_[kind]) for kind in all_}
    return UnitTestScores(by_type, len(tests), sum(row not in answers for row in tests))
