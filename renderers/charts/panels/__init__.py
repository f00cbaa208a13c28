"""Figures of several charts: their specification, and the picture composed of their drawings."""
