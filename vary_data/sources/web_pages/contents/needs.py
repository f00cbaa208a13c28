"""What content needs besides this package: KaTeX and RDKit."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from renderers.tool_errors import ToolNotFound
from renderers.web.katex import find_katex
from vary_data.base.errors import ToolMissing


def check_installed(names: Iterable[str]) -> None:
    """Check what content of these names needs, before any work.

    Raises:
        ToolMissing: it is not installed; the hint is how to install it.
    """
    for name in names:
        if name == "formulas":
            try:
                find_katex()
            except ToolNotFound as error:
                raise ToolMissing(error.message, error.hint) from error
        if name == "molecules" and importlib.util.find_spec("rdkit") is None:
            raise ToolMissing("molecules need RDKit", "pip install 'vary-data[molecules]'")
