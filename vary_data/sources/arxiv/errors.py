"""The error for a LaTeX source of which no block can be read."""

from __future__ import annotations

from vary_data.base.errors import SourceError


class DocumentRejected(SourceError):
    """A document that gives no blocks at all.

    `reason` is one short fixed word: `unreadable`, `too-large`, `bomb`, `empty`, `not-latex`,
    `plain-tex`, `latex209`, `loop`, `wrong-language`, `no-blocks`.
    """

    def __init__(self, message: str, hint: str = "", reason: str = "unreadable") -> None:
        super().__init__(message, hint)
        self.reason = reason

    def __reduce__(self) -> tuple[type[DocumentRejected], tuple[str, str, str]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.reason)
