"""Imports PyMuPDF in the processes that read or draw pages, without what they do not use.

PyMuPDF imports an analysis of layout by a neural network, which loads its model at once: that takes
longer than all other imports, and hundreds of megabytes in each worker.
"""

from __future__ import annotations

import sys
from typing import Any

_UNUSED = ("pymupdf.layout", "pymupdf4llm")


def import_pymupdf() -> None:
    """Import PyMuPDF without its optional packages, which may be imported later."""
    modules: dict[str, Any] = sys.modules
    if "pymupdf" in modules:
        return
    left_out = [name for name in _UNUSED if name not in modules]
    modules.update(dict.fromkeys(left_out))  # None: Python raises ImportError
    try:
        import pymupdf  # noqa: F401
    finally:
        for name in left_out:
            del modules[name]
