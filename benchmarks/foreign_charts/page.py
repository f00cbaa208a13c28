"""One Chromium page for libraries that draw in a browser."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from renderers.charts.echarts.install import find_browser
from renderers.picture import Pixels

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("text")].filter(t => t.textContent.trim())
    .map(t => [t.getBoundingClientRect(), t.getAttribute("transform") || ""])
    .filter(([box, turn]) => box.width && !/rotate\\((?!0)/.test(turn)).map(([box]) => box);
  const shared = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const cut = box => box.left < 0 || box.top < 0
    || box.right > innerWidth || box.bottom > innerHeight;
  if (boxes.some(cut)) return "text-cut";
  return boxes.some((a, i) => boxes.slice(i + 1).some(b => shared(a, b))) ? "texts-overlap" : "";
}"""
"""What is wrong with the texts of the SVG pictures on the page; turned texts are not judged."""


class BrowserPage:
    """A page without network. Must be closed."""

    def __init__(self, width: int, height: int) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=str(find_browser(None)))
        viewport: Any = {"width": width, "height": height}
        self._page = self._browser.new_context(viewport=viewport, offline=True).new_page()

    def show(self, html: str) -> None:
        """Load a document."""
        self._page.set_content(html, wait_until="load")

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """What a function in the page returns."""
        return self._page.evaluate(script, argument)

    def pixels(self) -> Pixels:
        """The page as it looks: [H, W, 3]."""
        with Image.open(io.BytesIO(self._page.screenshot())) as picture:
            return np.asarray(picture.convert("RGB"))

    def close(self) -> None:
        """Stop the browser."""
        self._browser.close()
        self._playwright.stop()
