"""The dataset contract of engine and trainer: schema, reading, keep-lists, mixtures."""
