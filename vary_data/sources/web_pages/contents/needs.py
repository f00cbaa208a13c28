"""What content needs: words for charts, KaTeX, RDKit."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from renderers.tool_errors import ToolNotFound
from renderers.web.katex import find_katex
from vary_data.base.errors import ToolMissing, UsageError
from vary_data.sources.corpus import chart_languages


def check_installed(names: Iterable[str], lang: str) -> None:
    """Check what content of these names needs in a language, before any work.

    Raises:
        ToolMissing: it is not installed; the hint is how to install it.
        UsageError: charts have no words in the language.
    """
    for name in names:
        if name == "charts" and lang not in chart_languages():
            what = f"there are no charts in --lang {lang}"
            raise UsageError(what, f"charts are in {', '.join(chart_languages())}; leave them out")
        if name == "formulas":
            try:
                find_katex()
            except ToolNotFound as error:
                raise ToolMissing(error.message, error.hint) from error
        if name == "molecules" and importlib.util.find_spec("rdkit") is None:
            raise ToolMissing("molecules need RDKit", "pip install 'vary-data[molecules]'")
