"""Targets: the text that a model should write for a picture, in the forms of many models.

A form is a pure function from a row to text. Rows know their content (the dict of a chart, the
cells of a table, the blocks of a page); each form writes the same content differently.
`registry.py` lists the forms, docs/targets.md describes them.
"""
