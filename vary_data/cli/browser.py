"""Flags for the browser and ECharts; which ones are used is not part of a recipe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from vary_data.base.errors import UsageError

BROWSER_FLAG = click.option("--browser", metavar="PATH", help="Chromium.  [the system's]")
PAGE_FLAGS = (BROWSER_FLAG,)
BROWSER_FLAGS = (
    BROWSER_FLAG,
    click.option("--echarts-js", metavar="PATH", help="echarts.min.js.  [node_modules, cache]"),
)
VARIABLES = {"browser": "VARY_BROWSER", "echarts_js": "VARY_ECHARTS_JS"}


def use_browser(shared_flags: dict[str, Any]) -> None:
    """Remove these flags from `shared_flags` and pass them to the workers by the environment.

    Raises:
        UsageError: there is no such file.
    """
    for name, variable in VARIABLES.items():
        path = shared_flags.pop(name, None)
        if path is None:
            continue
        if not Path(path).is_file():
            raise UsageError(f"--{name.replace('_', '-')}: there is no file {path}")
        os.environ[variable] = str(Path(path).resolve())
