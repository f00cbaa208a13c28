"""Metrics of reading. Each compares one truth with one answer; nothing here knows rows or files.

The truth always comes first and the answer second. Everything is a share from 0 to 1 (`cer` alone
may exceed 1). An empty answer to a truth that is not empty has the worst value and is never left
out; two empty ones agree perfectly. docs/evaluation.md has the definitions side by side, and what
the public codes of this field get wrong.
"""
