"""Questions about tables: every program gives its answer."""

from collections import Counter

import numpy as np
import pytest

from tests.targets.random_tables import random_tables
from vary_data.targets.questions.program import ProgramError, answer_text, evaluate
from vary_data.targets.questions.table_facts import TableFacts
from vary_data.targets.questions.tables import PHRASES, table_questions
from vary_data.targets.tables.table import Table

PRICES = Table.of_texts(
    [["Good", "2019", "2020", "Note"], ["Rice", "1.5 t", "2 t", "a"], ["Oats", "0.25 t", "2 t", ""],
     ["Rye", "9 t", "4 t", "b"]],
    header_rows=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ('value("Oats", "2019")', "0.25 t"), ('argmax("2019")', "Rye"), ('argmin("2019")', "Oats"),
        ('sum(value("Rice", "2019"), value("Oats", "2019"))', "1.75 t"),
        ('difference(value("Oats", "2019"), value("Rice", "2019"))', "1.25 t"),
        ('greater("2020", "Rye", "Rice")', "Yes"), ("slot(3, 2)", "0.25 t"), ('count("rows")', "4"),
    ],
)  # fmt: skip
def test_programs_compute_answers(program, answer):
    assert answer_text(evaluate(program, TableFacts(PRICES).functions), "en") == answer


@pytest.mark.parametrize(
    "program", ['argmin("2020")', 'value("Oats", "Note")', "slot(0, 1)", 'argmax("Note")']
)
def test_what_has_no_answer_is_an_error(program):
    with pytest.raises(ProgramError):
        evaluate(program, TableFacts(PRICES).functions)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_program_gives_its_answer(lang):
    kinds = Counter()
    for seed, table in enumerate([PRICES] * 20 + random_tables(100)):
        functions = TableFacts(table).functions
        for question in table_questions(table, lang, np.random.default_rng(seed), 9):
            kinds[question.kind] += 1
            assert answer_text(evaluate(question.program, functions), lang) == question.answer
            assert "{" not in question.question.replace("{n}", "")
    assert set(kinds) == set(PHRASES[lang])
