"""Questions about a table: what a cell holds, and what follows from its numbers."""

from __future__ import annotations

from functools import partial

import numpy as np

from vary_data.targets.questions.program import Raw, call
from vary_data.targets.questions.question import Question, asked, several
from vary_data.targets.questions.table_facts import TableFacts
from vary_data.targets.tables.table import Table

PHRASES = {
    "en": {
        "read": 'What is "{column}" of "{row}"?',
        "slot": "What is in row {i}, column {j} of the table?",
        "sum": 'What is the sum of "{column}" of "{row}" and "{other}"?',
        "difference": 'By how much do "{row}" and "{other}" differ in "{column}"?',
        "argmax": 'Which row has the highest value of "{column}"?',
        "argmin": 'Which row has the lowest value of "{column}"?',
        "greater": 'Is "{column}" of "{row}" higher than that of "{other}"?',
        "rows": "How many rows does the table have, with its header?",
        "columns": "How many columns does the table have?",
    },
    "zh": {
        "read": "“{row}”的“{column}”是什么？",
        "slot": "表格第{i}行第{j}列的内容是什么？",
        "sum": "“{row}”与“{other}”的“{column}”之和是多少？",
        "difference": "“{row}”与“{other}”的“{column}”相差多少？",
        "argmax": "哪一行的“{column}”最大？",
        "argmin": "哪一行的“{column}”最小？",
        "greater": "“{row}”的“{column}”是否大于“{other}”？",
        "rows": "这个表格（含表头）共有多少行？",
        "columns": "这个表格共有多少列？",
    },
}
DIFFICULTY = {"read": 1, "slot": 2, "rows": 1, "columns": 1, "argmax": 2, "argmin": 2, "greater": 2}


def table_questions(
    table: Table, lang: str, rng: np.random.Generator, count: int
) -> list[Question]:
    """Up to `count` questions of different kinds about a table, in random order."""
    facts = TableFacts(table)

    def question(kind: str) -> Question | None:
        made = _program(facts, kind, rng)
        phrase = PHRASES[lang][kind]
        return asked(kind, made, facts.functions, phrase, lang, DIFFICULTY.get(kind, 3))

    return several({kind: partial(question, kind) for kind in PHRASES["en"]}, rng, count)


def _program(
    facts: TableFacts, kind: str, rng: np.random.Generator
) -> tuple[Raw, dict[str, str | int]] | None:
    if kind in ("rows", "columns"):
        return call("count", kind), {}
    if kind == "slot":
        i, j = (int(rng.integers(1, n + 1)) for n in (facts.table.rows, facts.table.columns))
        return call("slot", i, j), {"i": i, "j": j}
    if len(facts.rows) < 2 or len(facts.columns) < 2:
        return None
    column = facts.columns[int(rng.integers(1, len(facts.columns)))]
    row, other = (list(facts.rows)[int(i)] for i in rng.permutation(len(facts.rows))[:2])
    names: dict[str, str | int] = {"column": column, "row": row, "other": other}
    match kind:
        case "read":
            return call("value", row, column), names
        case "argmax" | "argmin":
            return call(kind, column), names
        case "greater":
            return call("greater", column, row, other), names
    return call(kind, call("value", row, column), call("value", other, column)), names
