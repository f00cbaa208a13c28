"""The source of a formula in, the normal form that all renderers print out."""
