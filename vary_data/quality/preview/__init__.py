"""One self-contained page to look at samples with."""

from vary_data.quality.preview.page import page, write_preview

__all__ = ["page", "write_preview"]
