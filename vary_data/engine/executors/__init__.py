"""Executors: run shards locally or on Ray."""
