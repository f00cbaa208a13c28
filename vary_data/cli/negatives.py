"""`vary-data negatives --coco PATH`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import generate
from vary_data.generators.negatives import Negatives

LANG = lang_flag(["en", "zh", "both"], "Language of the sentences.  [en]")


@generator_command(Negatives, LANG)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Natural images, with a sentence that there is nothing to read."""
    generate("negatives", lang, options, shared_flags)
