"""The second chart backend: options by pyecharts, drawing by ECharts in one kept Chromium page."""

from renderers.charts.echarts.backend import EchartsBackend
from renderers.charts.echarts.install import find_browser, find_echarts_js

__all__ = ["EchartsBackend", "find_browser", "find_echarts_js"]
