"""`vary-data web-pages`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.browser import PAGE_FLAGS, use_browser
from vary_data.cli.flags import generator_command, language_flag
from vary_data.cli.generate import generate
from vary_data.generators.web_pages import WebPages

LANG = language_flag(WebPages.languages)


@generator_command(WebPages, LANG, *PAGE_FLAGS)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Pages of many genres laid out in Chromium; the ground truth is their text.

    Newspapers, articles, invoices, forms and other pages, with a box for every word, the cells of
    tables and the reading order. Every letter is compared with the page after the layout.
    `vary-data web-pages --lang zh` is enough.
    """
    use_browser(shared_flags)
    generate("web-pages", lang, options, shared_flags)
