"""A question with its exact answer, and how the answer is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """`program` computes the answer from the row (`program.py`); `difficulty` is 1 to 3.

    `tolerance` is the step of an answer that is read off an axis; else the answer is exact.
    `names` are the texts that were put into the template, by their field.
    """

    kind: str
    question: str
    answer: str
    program: str
    difficulty: int
    tolerance: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What the column `meta` has of a question."""
        facts = {"kind": self.kind, "program": self.program, "difficulty": self.difficulty}
        return facts | ({"tolerance": self.tolerance} if self.tolerance else {})
