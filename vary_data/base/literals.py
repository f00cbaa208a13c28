"""Reads Python's literals, such as the dict of a chart, as plain data."""

from __future__ import annotations

import ast
import warnings
from typing import Any

FLOAT_BITS = 1024
"""Of the largest float. Hexadecimal numbers of a text can be longer: Python computes with them, but
refuses to print them."""


def literal(text: str) -> Any:
    """The value of a literal; no code is executed.

    Raises:
        ValueError: it is none, the nesting is too deep, or a whole number is beyond floats.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecated escape sequences
            value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError((str(error).splitlines() or ["?"])[0]) from None
    parts = [value]
    while parts:
        part = parts.pop()
        if is_endless(part):
            raise ValueError("a number is too large")
        if isinstance(part, dict):
            parts += part.keys()
            parts += part.values()
        elif isinstance(part, list | tuple | set):
            parts += part
    return value


def is_endless(value: object) -> bool:
    """Whether it is a whole number beyond floats."""
    return isinstance(value, int) and value.bit_length() > FLOAT_BITS
