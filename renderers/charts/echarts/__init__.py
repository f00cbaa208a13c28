"""The second chart backend: options by pyecharts, drawing by ECharts in one kept Chromium page."""

from renderers.charts.echarts.backend import EchartsBackend
from renderers.charts.echarts.errors import BrowserDied, EchartsError, ToolNotFound
from renderers.charts.echarts.install import find_browser, find_echarts_js

__all__ = [
    "BrowserDied",
    "EchartsBackend",
    "EchartsError",
    "ToolNotFound",
    "find_browser",
    "find_echarts_js",
]
