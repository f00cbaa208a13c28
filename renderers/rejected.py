"""The exception for an input that gives no sample."""

from __future__ import annotations


class Rejected(Exception):
    """An input that cannot become a sample.

    Args:
        reason: a short fixed word that is counted, for example `overlap` or `encrypted`.
        detail: what exactly, for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason
