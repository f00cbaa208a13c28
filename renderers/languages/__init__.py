"""The languages of texts: a file `<tag>.toml` for each, read by `registry`."""
