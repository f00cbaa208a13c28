"""Finds duplicate rows and excludes them with a keep-list."""

from vary_data.quality.dedup.run import DedupResult, DedupSettings, find, undo, write

__all__ = ["DedupResult", "DedupSettings", "find", "undo", "write"]
