"""Programs of answers: small expressions that are computed from the content of a row.

    difference(value("2019", "Rice"), value("2020", "Rice"))

A program is calls of functions with strings, whole numbers and other calls as arguments. Which
functions there are depends on the content: `chart_facts.py`, `table_facts.py`, `layout_facts.py`.
Nothing else is computed: a program is parsed, never executed.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any

from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.printed import Number

MAX_CHARACTERS = 4_000


class ProgramError(ValueError):
    """A program that cannot be computed."""


def call(name: str, *arguments: str | int | Raw) -> Raw:
    """The source of a call."""
    parts = (a if isinstance(a, Raw) else json.dumps(a, ensure_ascii=False) for a in arguments)
    return Raw(f"{name}({', '.join(parts)})")


class Raw(str):
    """Source of a program, not a string in one."""

    __slots__ = ()


def evaluate(program: str, functions: Mapping[str, Callable[..., Any]]) -> Any:
    """The value of a program.

    Raises:
        ProgramError: it is no program, or a function fails.
    """
    if len(program) > MAX_CHARACTERS:
        raise ProgramError("the program is too long")
    try:
        return _value(ast.parse(program, mode="eval").body, functions)
    except (SyntaxError, ValueError, TypeError, LookupError, RecursionError, MemoryError) as error:
        raise ProgramError(f"{program!r}: {error}") from error


def answer_text(value: Any, lang: str) -> str:
    """The value of a program as the text of an answer in a language."""
    if isinstance(value, Number):
        return value.print()
    if isinstance(value, bool) or value in ("up", "down"):
        return chart_words(lang).answer(value)
    if isinstance(value, str | int):
        return str(value)
    raise ProgramError(f"{value!r} is no answer")


def _value(node: ast.expr, functions: Mapping[str, Callable[..., Any]]) -> Any:
    if isinstance(node, ast.Constant) and type(node.value) in (str, int):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id not in functions:
            raise ValueError(f"no function {node.func.id!r}")
        return functions[node.func.id](*(_value(a, functions) for a in node.args))
    raise ValueError("only calls, texts and whole numbers are allowed")
