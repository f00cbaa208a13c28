"""Validates a dataset: its files and, with `deep`, every row against its picture."""

from vary_data.quality.validate.report import Problem, ValidationReport
from vary_data.quality.validate.run import validate

__all__ = ["Problem", "ValidationReport", "validate"]
