"""Metrics of reading. Each compares one truth with one answer, independent of rows and files.

The truth always comes first and the answer second. Every value is a share from 0 to 1 (only `cer`
may exceed 1). An empty answer to a truth that is not empty has the worst value and is always
counted; two empty ones agree perfectly. docs/evaluation.md has all definitions, and known errors
of public implementations.
"""
