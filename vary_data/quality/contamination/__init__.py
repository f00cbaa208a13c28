"""Finds the samples of a test set that a dataset contains."""

from vary_data.quality.contamination.index import TestIndex
from vary_data.quality.contamination.report import ContaminationReport, compare
from vary_data.quality.contamination.scan import Scan

__all__ = ["ContaminationReport", "Scan", "TestIndex", "compare"]
