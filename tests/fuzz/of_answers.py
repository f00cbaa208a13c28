"""Readers of what a model answered: the metrics of `vary-train evaluate`, unit tests, rewards."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from trainer.errors import DataError
from trainer.evaluation.answers import read_predictions
from trainer.evaluation.metrics.chart import parse_chart, text_score
from trainer.evaluation.metrics.formula import formulas_matched, normalized
from trainer.evaluation.metrics.markdown import split_markdown
from trainer.evaluation.metrics.quantity import quantity
from trainer.evaluation.metrics.table import find_tables, parse_table
from trainer.rewards import edit_reward
from vary_data.base.errors import SourceError
from vary_data.unit_tests.run import score
from vary_data.unit_tests.unit_test import UnitTest, read_unit_tests

MAX_MATCHED = 2000
"""Characters of answers whose parts are compared pair by pair."""
TESTS = (
    UnitTest("a.pdf", "a-present-000", "present", {"text": "Total 42"}, 2),
    UnitTest("a.pdf", "a-absent-000", "absent", {"text": "page 3"}),
    UnitTest("a.pdf", "a-order-000", "order", {"before": "Total", "after": "end"}),
    UnitTest("a.pdf", "a-table-000", "table", {"cell": "42", "left": "Total", "top_heading": "T"}),
    UnitTest("a.pdf", "a-math-000", "math", {"math": "x^{2}"}),
    UnitTest("a.pdf", "a-fact-000", "fact", {"path": ["values", "a"], "value": "42"}),
    UnitTest("a.pdf", "a-baseline-000", "baseline"),
)


def answer(data: bytes) -> None:
    """An answer in place of the truth: a page, a table, a formula or the dict of a chart."""
    text = data.decode(errors="replace")
    for start, end in find_tables(text):
        assert 0 <= start <= end <= len(text)
        parse_table(text[start:end])
    split_markdown(text, dollars=True)
    quantity(text)
    normalized(text)
    if (chart := parse_chart(text)) is not None:
        assert 0 <= text_score(chart, chart) <= 1
    if len(text) <= MAX_MATCHED:
        formulas_matched([text], [text[::-1]])


def reward(data: bytes) -> None:
    """An answer of a model in training: a text, or the last of some messages."""
    text = data.decode(errors="replace")
    for passed, of in score(TESTS, text).values():
        assert 0 <= passed <= of
    messages = [{"role": "assistant", "content": [{"type": "text", "text": text}]}]
    (found,) = edit_reward([messages], text=["Total 42"])
    assert 0 <= found <= 1


def files_of_answers(data: bytes) -> None:
    """Predictions of another system, and unit tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.jsonl"
        path.write_bytes(data)
        with contextlib.suppress(DataError):
            read_predictions(path)
        with contextlib.suppress(SourceError):
            list(read_unit_tests(path))
