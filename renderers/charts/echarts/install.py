"""Where ECharts is on this machine. Nothing is downloaded here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from renderers.find_browser import BROWSER_ENV as BROWSER_ENV
from renderers.find_browser import find_browser as find_chromium
from renderers.tool_errors import ToolNotFound

ECHARTS_VERSION = "6.1.0"
"""The version that this backend is written and tested against."""

ECHARTS_ENV = "VARY_ECHARTS_JS"

_INSIDE_NODE_MODULES = Path("node_modules/echarts/dist/echarts.min.js")


def find_browser(path: str | None = None) -> Path:
    """The Chromium to use; see `renderers.find_browser`.

    Raises:
        ToolNotFound: there is none, or the one that was asked for is not a program.
    """
    return find_chromium(path, otherwise="--backend matplotlib needs none")


def find_echarts_js(path: str | None = None) -> Path:
    """The ECharts build to load.

    Looked for in this order: `path`, `$VARY_ECHARTS_JS`, a copy next to this module, the nearest
    `node_modules` above this module or the working directory, the user's cache folder.

    Raises:
        ToolNotFound: there is none, or the one that was asked for is not a file.
    """
    for origin, asked in (("--echarts-js", path), (ECHARTS_ENV, os.environ.get(ECHARTS_ENV))):
        if asked:
            if not Path(asked).is_file():
                raise ToolNotFound(
                    f"{origin}: there is no file {asked!r}", "give the path of echarts.min.js"
                )
            return Path(asked)
    for candidate in _echarts_places():
        if candidate.is_file():
            return candidate
    raise ToolNotFound(
        "ECharts was not found",
        f"run `npm install echarts@{ECHARTS_VERSION}` here, or put echarts.min.js at "
        f"{cached_echarts_js()}, or name it with --echarts-js or {ECHARTS_ENV}; "
        "--backend matplotlib needs none",
    )


def cached_echarts_js() -> Path:
    """Where an installed package looks for ECharts when there is no `node_modules` around."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "vary-data" / f"echarts-{ECHARTS_VERSION}" / "echarts.min.js"


def _echarts_places() -> Iterator[Path]:
    here = Path(__file__).resolve().parent
    yield here / "vendor" / "echarts.min.js"
    for start in (here, Path.cwd()):
        for folder in (start, *start.parents):
            yield folder / _INSIDE_NODE_MODULES
    yield cached_echarts_js()
