"""Measuring what a model reads: metrics, test sets, answers, reports (docs/evaluation.md)."""
