"""`vary-data render-charts`."""

from __future__ import annotations

from typing import Any

from vary_data.cli.browser import BROWSER_FLAGS, use_browser
from vary_data.cli.flags import generator_command, language_flag
from vary_data.cli.generate import generate
from vary_data.generators.render_charts import RenderCharts

LANG = language_flag(RenderCharts.languages)


@generator_command(RenderCharts, LANG, *BROWSER_FLAGS)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Random charts; the ground truth is a Python dict of what can be read on them.

    Every string of the dict is found drawn, complete and unobstructed, or the chart is drawn
    again. `vary-data render-charts --lang zh` is enough.
    """
    use_browser(shared_flags)
    generate("render-charts", lang, options, shared_flags)
