"""`vary-data latex --src PATH`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import detect_language, generate
from vary_data.generators.latex import Latex

LANG = lang_flag(
    ["auto", "en", "zh"],
    "Typeset documents of this language; auto typesets those of both, each with its own.  [auto]",
)


@generator_command(Latex, LANG)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """LaTeX sources, typeset again in other templates: pages with Mathpix Markdown and boxes.

    Sources are parsed, never compiled; what does not fit a block exactly is a counted rejection.
    The time limit per document is 300 seconds by default. `vary-data latex --src arxiv/` is
    enough.
    """
    lang = detect_language("latex", lang, options, shared_flags)
    if shared_flags["timeout"] is None and not shared_flags["config"]:
        shared_flags["timeout"] = 300.0
    generate("latex", lang, options, shared_flags)
