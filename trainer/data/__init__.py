"""From Parquet rows to batches: what exists, in which order, decoded, encoded, collated."""
