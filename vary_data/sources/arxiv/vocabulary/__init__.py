"""A command or environment in, its row in the data tables (`*.tsv`) out."""
