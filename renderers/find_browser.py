"""Where Chromium is on this machine. Nothing is downloaded here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from renderers.tool_errors import ToolNotFound

BROWSER_ENV = "VARY_BROWSER"
_PROGRAMS = ("chromium", "google-chrome", "google-chrome-stable", "chrome")


def find_browser(path: str | None = None, otherwise: str = "") -> Path:
    """The Chromium to use: `path`, `$VARY_BROWSER`, the system's, or Playwright's own.

    `otherwise` is what to do without one, for the hint of the error.

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
        f"or name it with --browser or {BROWSER_ENV}" + (f"; {otherwise}" if otherwise else ""),
    )


def _real(program: str) -> str:
    return str(Path(program).resolve())


def _playwright_browsers() -> Iterable[Path]:
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    patterns = ("chromium-*/chrome-*/chrome", "chromium_headless_shell-*/chrome-*/*headless*shell")
    return [p for pattern in patterns for p in sorted(Path(root).glob(pattern), reverse=True)]
