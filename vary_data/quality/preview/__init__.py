"""Writes a self-contained HTML page that shows samples."""

from vary_data.quality.preview.page import page, write_preview

__all__ = ["page", "write_preview"]
