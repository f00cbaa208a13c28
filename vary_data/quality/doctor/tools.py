"""Programs beside Python: a browser with ECharts, and poppler."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from vary_data.quality.doctor.check import Check, answer, first_line

GROUP = "Programs"
INSTALL = "renderers.charts.echarts.install"


def browser() -> Iterator[Check]:
    """Chromium and ECharts, found as the backend itself finds them."""
    needed_by = "render-charts --backend pyecharts"
    try:
        module = importlib.import_module(INSTALL)
    except ModuleNotFoundError:
        yield Check(GROUP, "ECharts", "absent", "this version draws with matplotlib alone")
        return
    try:
        path = module.find_browser()
    except Exception as error:
        yield Check(GROUP, "Chromium", "missing", str(error), needed_by, packages=("chromium",))
    else:
        version = first_line(answer([str(path), "--version"]))
        state = "ok" if version else "missing"
        detail = f"{version} at {path}" if version else f"{path} does not start"
        wanted = () if version else ("chromium",)
        yield Check(GROUP, "Chromium", state, detail, needed_by, packages=wanted)  # type: ignore[arg-type]
    fix = f"npm install echarts@{module.ECHARTS_VERSION}"
    try:
        script: Path = module.find_echarts_js()
    except Exception as error:
        yield Check(GROUP, "ECharts", "missing", str(error), needed_by, fix=fix)
    else:
        yield Check(GROUP, "ECharts", "ok", str(script), needed_by)


def poppler() -> Iterator[Check]:
    version = first_line(answer(["pdftoppm", "-v"]))
    needed_by = "pages --rasterizer pdf2image"
    if version:
        yield Check(GROUP, "pdftoppm", "ok", version, needed_by)
    else:
        yield Check(GROUP, "pdftoppm", "missing", "", needed_by, packages=("poppler-utils",))
