"""Exports datasets in the formats of other trainers."""
