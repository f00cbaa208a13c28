"""Rewrite `\\genfrac` of amsmath with the fractions that all renderers print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from renderers.rejected import Rejected

_NO_LINE = re.compile(r"0*\.?0*\s*(?:pt|em|ex|mm|cm|in)?")
_SIZES = {"": "", "0": "d", "1": "t"}
"""What the style of a fraction puts before the names of commands: display, text."""


def general_fraction(arguments: Sequence[str]) -> str:
    """The source for `\\genfrac` with its arguments: delimiters, thickness, style, two parts.

    Raises:
        Rejected: a line of another thickness, or a style for which there is no command.
    """
    left, right, line, style, above, below = (argument.strip() for argument in arguments)
    size = _SIZES.get(style)
    if size is None or (line and not _NO_LINE.fullmatch(line)):
        raise Rejected("unknown-command", "\\genfrac")
    parts = f"{{{above}}}{{{below}}}"
    if line and (left, right) == ("(", ")"):
        return f"\\{size}binom{parts}"
    fraction = f"{{{{{above}}}\\atop {{{below}}}}}" if line else f"\\{size}frac{parts}"
    return f"\\left{left or '.'}{fraction}\\right{right or '.'} " if left or right else fraction
