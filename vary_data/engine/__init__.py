"""The engine: recipes, plans, worker pools, shards."""
