"""`vary-data pages --src PATH`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import detect_language, generate
from vary_data.generators.pages import Pages

LANG = lang_flag(
    ["auto", "en", "zh"],
    "Keep pages of this language; auto keeps those of both, each with its own.  [auto]",
)


@generator_command(Pages, LANG)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Pages of PDF files and e-books; the ground truth is their text.

    Scans, hidden or undecodable text, damaged files and pages in another language are counted
    rejections; `vary-data stats` shows them.
    """
    generate("pages", detect_language("pages", lang, options, shared_flags), options, shared_flags)
