"""The data engine: image-text data for document, OCR and chart models.

from vary_data import Recipe, generate, open_dataset, validate
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vary_data.api import generate as generate
    from vary_data.api import make_recipe as make_recipe
    from vary_data.api import open_dataset as open_dataset
    from vary_data.api import validate as validate
    from vary_data.engine.recipe import Recipe as Recipe

__version__ = "0.3.0"

# Imported at first use, so that `import vary_data` loads nothing else.
_PUBLIC = {
    "Recipe": "vary_data.engine.recipe",
    "generate": "vary_data.api",
    "make_recipe": "vary_data.api",
    "open_dataset": "vary_data.api",
    "validate": "vary_data.api",
}


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
