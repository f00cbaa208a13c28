"""The problems that a validation found; all are counted, and the first ones are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from vary_data.quality.validate.second_reader import Agreements


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed check; `check` is a fixed name, `file` is relative to the dataset."""

    check: str
    what: str
    file: str = ""
    row: int | None = None
    id: str = ""

    def __str__(self) -> str:
        row = "" if self.row is None else f" row {self.row}"
        where = f"{self.file}{row}" + (f" ({self.id})" if self.id else "")
        return f"{where}: {self.what}" if where else self.what


@dataclass(slots=True)
class ProblemCollector:
    """Collects problems: lists the first `limit` of each check and counts all."""

    limit: int = 20
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    unknown_kinds: Counter[str] = field(default_factory=Counter)
    """Rows by kind, of kinds that are neither built in nor described by the dataset."""
    agreements: Agreements = field(default_factory=Agreements)

    def add(self, problem: Problem) -> None:
        """Count a problem, and list it unless its check has reached the limit."""
        self.counts[problem.check] += 1
        if self.counts[problem.check] <= self.limit:
            self.problems.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def merge(self, other: ProblemCollector) -> None:
        """Add the problems of another collector (of a worker process)."""
        listed = Counter(problem.check for problem in self.problems)
        for problem in other.problems:
            if listed[problem.check] < self.limit:
                self.problems.append(problem)
                listed[problem.check] += 1
        self.counts.update(other.counts)
        self.unknown_kinds.update(other.unknown_kinds)
        self.agreements.merge(other.agreements)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The result of a validation. `notes` are remarks that are not problems of the dataset."""

    configurations: int
    files: int
    rows: int
    deep: bool
    replayed: int
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    agreement: float | None = None
    """Mean agreement of the rows with the second reader, 0 to 1."""
    lowest: tuple[tuple[float, str], ...] = ()
    """Agreement and id of the rows with the lowest agreement, ascending."""

    @property
    def clean(self) -> bool:
        """Whether no check found a problem."""
        return not self.counts

    def to_dict(self) -> dict[str, Any]:
        """All fields and `clean` as plain data."""
        plain = asdict(self)
        plain["clean"] = self.clean
        return plain
