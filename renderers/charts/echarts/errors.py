"""What this backend raises besides `ChartRejected`.

EchartsError
├── BrowserDied      the browser crashed, hung or ran out of memory: open a new one
└── ToolNotFound     Chromium or ECharts is not there; says what to install
"""

from __future__ import annotations


class EchartsError(Exception):
    """`hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


class BrowserDied(EchartsError):
    pass


class ToolNotFound(EchartsError):
    pass
