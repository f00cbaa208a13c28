"""What is drawn on a chart in addition to its data: limits, events, brackets, notes.

Each kind is one value with four questions: where it is in the truth, which texts it prints, what
the truth says of it, and what is wrong with it as drawn. A module of
`renderers.charts.sheets` draws it.
"""
