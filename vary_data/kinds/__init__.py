"""The kinds of data, by name. Modules are imported only when a recipe asks for them."""

from __future__ import annotations

import importlib
from typing import cast

from vary_data.errors import UsageError, nearest
from vary_data.kind import Kind

KINDS = {
    "render-charts": "vary_data.kinds.render_charts:RenderCharts",
    "pages": "vary_data.kinds.pages:Pages",
    "latex": "vary_data.kinds.latex:Latex",
    "negatives": "vary_data.kinds.negatives:Negatives",
    "semantic-charts": "vary_data.kinds.semantic_charts:SemanticCharts",
    "import": "vary_data.kinds.imports:Import",
    "mix": "vary_data.kinds.mix:Mix",
    "select": "vary_data.kinds.select:Select",
}


def load(name: str) -> Kind:
    """The kind of this name, or of a `module:Class` path (for kinds outside this package).

    Raises:
        UsageError: there is no such kind.
    """
    path = KINDS.get(name, name)
    module, _, attribute = path.partition(":")
    if not attribute:
        raise UsageError(f"unknown kind {name!r}", nearest(name, KINDS))
    return cast(Kind, getattr(importlib.import_module(module), attribute)())
