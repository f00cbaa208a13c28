"""The source of a formula in, its normal form out, which all renderers print."""
