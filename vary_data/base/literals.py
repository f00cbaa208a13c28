"""Reads Python's literals, such as the dict of a chart, as plain data: what JSON can hold."""

from __future__ import annotations

import ast
import warnings
from typing import Any

FLOAT_BITS = 1024
"""Of the largest float. Hexadecimal numbers of a text can be longer: Python computes with them, but
refuses to print them."""
PLAIN = (str, int, float, bool, type(None))
"""What a part that holds no others may be."""


def literal(text: str) -> Any:
    """The value of a literal; no code is executed.

    Raises:
        ValueError: it is none, the nesting is too deep, a whole number is beyond floats, or a part
            is no plain data (a complex number, bytes, a set, a tuple as a key).
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
            if any(isinstance(key, tuple) for key in part):
                raise ValueError("a key is a tuple")
            parts += part.keys()
            parts += part.values()
        elif isinstance(part, list | tuple):
            parts += part
        elif not isinstance(part, PLAIN):
            raise ValueError(f"a part is of the type {type(part).__name__}")
    return value


def is_endless(value: object) -> bool:
    """Whether it is a whole number beyond floats."""
    return isinstance(value, int) and value.bit_length() > FLOAT_BITS
