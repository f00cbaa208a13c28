"""Where content comes from."""
