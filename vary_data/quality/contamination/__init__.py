"""Which samples of a test set can be read in a dataset."""

from vary_data.quality.contamination.index import TestIndex
from vary_data.quality.contamination.report import Report, compare
from vary_data.quality.contamination.scan import Scan

__all__ = ["Report", "Scan", "TestIndex", "compare"]
