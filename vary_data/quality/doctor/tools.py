"""Checks other programs: a browser with ECharts and KaTeX, poppler, and Ghostscript."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from vary_data.quality.doctor.check import CheckState, MachineCheck, answer, first_line

GROUP = "Programs"
INSTALL = "renderers.charts.echarts.install"


def browser() -> Iterator[MachineCheck]:
    """Chromium and ECharts, located by the code of the backend."""
    needed_by = "web-pages, render-charts --backend pyecharts"
    try:
        module = importlib.import_module(INSTALL)
    except ModuleNotFoundError:
        yield MachineCheck(GROUP, "ECharts", "absent", "this version draws only with matplotlib")
        return
    try:
        path = module.find_browser()
    except Exception as error:
        yield MachineCheck(
            GROUP, "Chromium", "missing", str(error), needed_by, packages=("chromium",)
        )
    else:
        version = first_line(answer([str(path), "--version"]))
        state = "ok" if version else "missing"
        detail = f"{version} at {path}" if version else f"{path} does not start"
        wanted = () if version else ("chromium",)
        yield MachineCheck(GROUP, "Chromium", state, detail, needed_by, packages=wanted)  # type: ignore[arg-type]
    fix = f"npm install echarts@{module.ECHARTS_VERSION}"
    try:
        script: Path = module.find_echarts_js()
    except Exception as error:
        yield MachineCheck(GROUP, "ECharts", "missing", str(error), needed_by, fix=fix)
    else:
        yield MachineCheck(GROUP, "ECharts", "ok", str(script), needed_by)


def katex() -> Iterator[MachineCheck]:
    """KaTeX, located by the code of browser pages."""
    from renderers.tool_errors import ToolNotFound
    from renderers.web.katex import KATEX_VERSION, find_katex

    needed_by = "web-pages --content formulas"
    try:
        folder = find_katex()
    except ToolNotFound as error:
        fix = f"npm install katex@{KATEX_VERSION}"
        yield MachineCheck(GROUP, "KaTeX", "missing", str(error), needed_by, fix=fix)
    else:
        yield MachineCheck(GROUP, "KaTeX", "ok", str(folder), needed_by)


def poppler() -> Iterator[MachineCheck]:
    """Poppler's `pdftoppm`, a second rasterizer of PDF pages."""
    yield _program("pdftoppm", ["pdftoppm", "-v"], "pages --rasterizer pdf2image", "poppler-utils")


def ghostscript() -> Iterator[MachineCheck]:
    """Ghostscript; without it EPS figures are rejections, and all else works."""
    yield _program(
        "Ghostscript", ["gs", "--version"], "EPS figures of latex", "ghostscript", absent="absent"
    )


def _program(
    name: str, command: list[str], needed_by: str, package: str, absent: CheckState = "missing"
) -> MachineCheck:
    """The version of a program, or the Debian package that brings it."""
    if version := first_line(answer(command)):
        return MachineCheck(GROUP, name, "ok", version, needed_by)
    return MachineCheck(GROUP, name, absent, "", needed_by, packages=(package,))
