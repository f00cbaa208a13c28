"""From Parquet rows to batches: catalog, order, decoding, encoding, collation."""
