"""Trains Vary-tiny and Vary-base (arXiv 2312.06109) on datasets made by vary-data.

from trainer import load_reader, train

train("tiny-toy", "runs/tiny", datasets=["out"])
reader = load_reader("runs/tiny")
print(reader.read(["page.png"])[0].text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainer.api import load_reader, train

__all__ = ["load_reader", "train"]


def __getattr__(name: str) -> Any:
    """Import the public functions when they are used: they need torch."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from trainer import api

    return getattr(api, name)
