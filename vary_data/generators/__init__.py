"""The generators of data, by name. Modules are imported only when a recipe asks for them."""

from __future__ import annotations

import importlib
from typing import cast

from vary_data.base.errors import UsageError, nearest
from vary_data.engine.generator import Generator

GENERATORS = {
    "render-charts": "vary_data.generators.render_charts:RenderCharts",
    "pages": "vary_data.generators.pages:Pages",
    "latex": "vary_data.generators.latex:Latex",
    "negatives": "vary_data.generators.negatives:Negatives",
    "semantic-charts": "vary_data.generators.semantic_charts:SemanticCharts",
    "import": "vary_data.generators.imports:Import",
    "mix": "vary_data.generators.mix:Mix",
    "degrade": "vary_data.generators.degrade:Degrade",
    "retarget": "vary_data.generators.retarget:Retarget",
    "crop": "vary_data.generators.crop:Crop",
    "select": "vary_data.generators.select:Select",
}


PROTOCOL = ("name", "label", "Options", "tasks", "open")
"""What a class must have; see `vary_data.engine.generator.Generator`."""


def load(name: str) -> Generator:
    """The generator of this name, or of a `module:Class` path for one outside this package.

    Raises:
        UsageError: there is no such generator, or the class is none.
    """
    path = GENERATORS.get(name, name)
    module, _, attribute = path.partition(":")
    if not (module and attribute):
        raise UsageError(f"unknown generator {name!r}", nearest(name, GENERATORS))
    try:
        made = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise UsageError(
            f"the generator {name!r} cannot be loaded: {error}", "is its package installed?"
        ) from error
    if not (isinstance(made, type) and all(hasattr(made, part) for part in PROTOCOL)):
        raise UsageError(f"{name!r} is no generator", "docs/extending.md describes one")
    return cast(Generator, made())
