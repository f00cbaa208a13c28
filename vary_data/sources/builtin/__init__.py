"""Coherent chart records without a language model: topics with entities, units and shapes."""
