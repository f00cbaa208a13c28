"""Unit tests of answers: small facts of a row that an answer states or does not.

`unit_test.py` is the value, in the format of olmOCR-bench; `make.py` makes tests from a row;
`run.py` applies them to an answer. Evaluation and rewards use them without a language model.
"""
