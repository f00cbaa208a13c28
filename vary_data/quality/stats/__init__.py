"""Statistics of a dataset."""

from vary_data.quality.stats.collect import collect
from vary_data.quality.stats.page import page
from vary_data.quality.stats.summary import Stats
from vary_data.quality.stats.table import tables

__all__ = ["Stats", "collect", "page", "tables"]
