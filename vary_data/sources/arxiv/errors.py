"""What can be wrong with a LaTeX source as a whole, and with one of its blocks."""

from __future__ import annotations

from vary_data.base.errors import SourceError


class UnusableSource(SourceError):
    """A document that gives no blocks at all.

    `reason` is one short fixed word: `unreadable`, `too-large`, `bomb`, `empty`, `not-latex`,
    `plain-tex`, `latex209`, `loop`, `wrong-language`, `no-blocks`.
    """

    def __init__(self, message: str, hint: str = "", reason: str = "unreadable") -> None:
        super().__init__(message, hint)
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnusableSource], tuple[str, str, str]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.reason)


class Unfit(Exception):
    """A piece of source that cannot become a block exactly; caught by the conversion of blocks."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
