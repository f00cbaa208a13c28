"""Checks a dataset: its files, and with `deep` every row against its own picture."""

from vary_data.quality.validate.report import Problem, Report
from vary_data.quality.validate.run import validate

__all__ = ["Problem", "Report", "validate"]
