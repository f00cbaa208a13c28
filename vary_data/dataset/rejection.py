"""Rejections: the exception `Rejected` and the record `Rejection` that is counted."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.rejected import Rejected as Rejected


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an input item gave no sample.

    `reason` is a short fixed word that is counted (`overlap`, `encrypted`, `timeout`); `detail`
    is the exact cause, for a person. `retried` marks an attempt that was drawn again afterwards:
    it shows a weakness of the renderer, but the input item was not lost.
    """

    key: str
    reason: str
    detail: str = ""
    attempt: int = 0
    retried: bool = False
