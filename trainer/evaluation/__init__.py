"""Evaluation of reading: metrics, test sets, answers, reports (docs/evaluation.md)."""
