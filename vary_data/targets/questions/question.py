"""A question with its exact answer, and how the answer is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vary_data.targets.questions.program import ProgramError, Raw, answer_text, evaluate

Functions = Mapping[str, Callable[..., Any]]
"""What programs may call, by name."""


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


def asked(
    kind: str,
    made: tuple[Raw, Mapping[str, object]] | None,
    functions: Functions,
    phrase: str,
    lang: str,
    difficulty: int,
) -> Question | None:
    """The question of a program and the names in its phrase; None without a program, or if it has
    no answer."""
    if made is None:
        return None
    program, names = made
    try:
        answer = answer_text(evaluate(program, functions), lang)
    except ProgramError:
        return None
    texts = {field: str(name) for field, name in names.items()}
    return Question(kind, phrase.format(**names), answer, str(program), difficulty, names=texts)


def several(
    makers: Mapping[str, Callable[[], Question | None]], rng: np.random.Generator, count: int
) -> list[Question]:
    """Up to `count` questions of different kinds, in random order."""
    found: list[Question] = []
    for kind in rng.permutation(list(makers)).tolist():
        if len(found) == count:
            break
        if (question := makers[kind]()) is not None:
            found.append(question)
    return found
