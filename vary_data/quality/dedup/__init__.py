"""Finds rows that say what an earlier row says, and leaves them out by a keep-list."""

from vary_data.quality.dedup.run import Found, Settings, find, undo, write

__all__ = ["Found", "Settings", "find", "undo", "write"]
