"""Who runs which shard where."""
