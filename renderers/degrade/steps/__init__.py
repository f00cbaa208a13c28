"""The steps that profiles are made of: one module each, found by its name."""
