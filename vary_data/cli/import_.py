"""`vary-data import NAME --src PATH`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import generate
from vary_data.generators.imports import QUESTION_SETS, Import

LANG = lang_flag(Import.languages, "Language of the texts.  [en]")


@generator_command(Import, LANG)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Bring a public set into the schema: llava, vary, docvqa, infovqa, textvqa, chartqa,
    laion-coco.

    Rows that cannot be used (missing images, empty turns, failed downloads) are counted
    rejections; `vary-data stats` shows them.
    """
    dataset = options["dataset"]
    if shared_flags["name"] is None and not shared_flags["config"]:
        shared_flags["name"] = f"{dataset}-{lang or 'en'}"
    if shared_flags["splits"] is None and dataset in QUESTION_SETS:
        shared_flags["splits"] = options["split"] or "train"
    generate("import", lang, options, shared_flags)
