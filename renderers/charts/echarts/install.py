"""Where Chromium and ECharts are on this machine. Nothing is downloaded here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from renderers.charts.backend import ToolNotFound

ECHARTS_VERSION = "6.1.0"
"""The version that this backend is written and tested against."""

BROWSER_ENV = "VARY_BROWSER"
ECHARTS_ENV = "VARY_ECHARTS_JS"

_PROGRAMS = ("chromium", "google-chrome", "google-chrome-stable", "chrome")
_INSIDE_NODE_MODULES = Path("node_modules/echarts/dist/echarts.min.js")


def find_browser(path: str | None = None) -> Path:
    """The Chromium to use: `path`, `$VARY_BROWSER`, the system's, or Playwright's own.

    Raises:
        ToolNotFound: there is none, or the one that was asked for is not a program.
    """
    for origin, asked in (("--browser", path), (BROWSER_ENV, os.environ.get(BROWSER_ENV))):
        if asked:
            found = shutil.which(asked)
            if found is None:
                raise ToolNotFound(
                    f"{origin}: {asked!r} is not a program", "give the path of Chromium or Chrome"
                )
            return Path(found)
    # A snap is of no use: its confinement keeps it from the profile that Playwright gives it.
    installed = (Path(p) for p in map(shutil.which, _PROGRAMS) if p and "snap" not in _real(p))
    for candidate in (*installed, *_playwright_browsers()):
        return candidate
    raise ToolNotFound(
        "no Chromium was found",
        "install one (`apt-get install chromium`, or `playwright install chromium`), "
        f"or name it with --browser or {BROWSER_ENV}; --backend matplotlib needs none",
    )


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


def _real(program: str) -> str:
    return str(Path(program).resolve())


def _echarts_places() -> Iterator[Path]:
    here = Path(__file__).resolve().parent
    yield here / "vendor" / "echarts.min.js"
    for start in (here, Path.cwd()):
        for folder in (start, *start.parents):
            yield folder / _INSIDE_NODE_MODULES
    yield cached_echarts_js()


def _playwright_browsers() -> Iterable[Path]:
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    patterns = ("chromium-*/chrome-*/chrome", "chromium_headless_shell-*/chrome-*/*headless*shell")
    return [p for pattern in patterns for p in sorted(Path(root).glob(pattern), reverse=True)]
