"""The dataset contract: schema, reading, keep-lists, mixtures, kinds of rows."""
