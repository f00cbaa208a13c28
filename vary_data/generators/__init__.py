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
    "select": "vary_data.generators.select:Select",
}


_PARTS = ("name", "label", "Options", "tasks", "open")


def load(name: str) -> Generator:
    """The generator of this name, or of a `module:Class` path for one outside this package.

    Raises:
        UsageError: there is no such generator, or it cannot be imported.
    """
    path = GENERATORS.get(name, name)
    module, _, attribute = path.partition(":")
    if not attribute:
        raise UsageError(f"unknown generator {name!r}", nearest(name, GENERATORS))
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        # The last two: a name such as `.a` or an empty one.
        raise UsageError(
            f"cannot load the generator {name[:200]!r}: {error}",
            "it must be module:Class, of a module that Python finds",
        ) from error
    if not isinstance(found, type) or not all(hasattr(found, part) for part in _PARTS):
        raise UsageError(f"{name!r} is not a generator", "see docs/extending.md")
    return cast(Generator, found())
