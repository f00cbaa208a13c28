"""What this backend raises besides `ChartRejected`.

BackendError
├── BrowserDied      the browser crashed, hung or ran out of memory: open a new one
└── ToolNotFound     Chromium or ECharts is not there; says what to install
"""

from __future__ import annotations

from renderers.charts.backend import BackendDied, BackendError, ToolNotFound

__all__ = ["BrowserDied", "EchartsError", "ToolNotFound"]

EchartsError = BackendError


class BrowserDied(BackendDied):
    pass
