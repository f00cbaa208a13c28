"""`Problem`: why content is not drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`reason` is a short fixed word that is counted, `detail` says what it is about."""

    reason: str
    detail: str = ""
