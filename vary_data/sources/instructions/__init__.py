"""Readers of public image-text and instruction sets in their original form, one module each.

A reader lists `InstructionExample`s in the order of its source. It also lists unusable rows, with
the reason, so that all rows are counted.
"""
