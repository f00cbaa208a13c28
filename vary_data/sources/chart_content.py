"""Kept until all importers use vary_data.sources.charts."""

from vary_data.sources.charts.random_content import random_spec  # noqa: F401
