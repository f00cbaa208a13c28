"""One self-contained page to look at samples with."""

from vary_data.quality.preview.page import page

__all__ = ["page"]
