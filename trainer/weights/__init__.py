"""Weights: reading files and layouts of other projects, assembly, conversion, export."""
