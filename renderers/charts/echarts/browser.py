"""The page that draws charts: Chromium with ECharts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from renderers.browser_page import BrowserPage, PageFailed

_SCRIPTS = tuple(
    Path(__file__).with_name(name)
    for name in (
        "page_direction.js",
        "page_options.js",
        "page_marks.js",
        "page_annotations.js",
        "page_readback.js",
        "page.js",
    )
)


class ChartFailed(PageFailed):
    """ECharts threw an error while drawing; the page itself is well."""


class ChartPage(BrowserPage):
    """Draws options. Not thread-safe; must be opened in the process that uses it."""

    failure = ChartFailed

    def __init__(
        self, browser: Path, echarts_js: Path, *, timeout: float = 20.0, recycle_after: int = 1000
    ) -> None:
        """Start Chromium and load ECharts.

        Raises:
            ToolNotFound: the program or the script is not what it should be.
        """
        scripts = [path.read_text(encoding="utf-8") for path in (echarts_js, *_SCRIPTS)]
        super().__init__(
            browser, scripts, timeout=timeout, recycle_after=recycle_after, named=str(echarts_js)
        )
        self.echarts_version: str = self._run(self._evaluate("echarts.version"), timeout)

    def draw(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Draw one chart and read it back; see `page.js` for the request and the answer.

        Raises:
            ChartFailed: ECharts threw an error.
            BackendDied: the page crashed, or did not answer in time.
        """
        self.count_use()
        answer: dict[str, Any] = self.call("vary.draw", request)
        return answer

    def lay(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Lay one chart out and read it back without its pixels; `finish` draws it.

        Raises:
            ChartFailed: ECharts threw an error.
            BackendDied: the page crashed, or did not answer in time.
        """
        self.count_use()
        answer: dict[str, Any] = self.call("vary.lay", request)
        return answer

    def finish(self, elements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Draw the chart that was laid out last, with these elements (`page_annotations.js`), and
        read it back as `draw` does.

        Raises:
            ChartFailed: ECharts threw an error, or no chart is laid out.
            BackendDied: the page crashed, or did not answer in time.
        """
        answer: dict[str, Any] = self.call("vary.finish", elements)
        return answer

    def measure(self, fonts: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        """Widths in pixels of texts, each list of texts in its CSS font."""
        widths: list[list[float]] = self.call("vary.measure", fonts)
        return widths
