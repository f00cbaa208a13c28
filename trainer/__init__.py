"""Trains Vary-tiny and Vary-base (arXiv 2312.06109) from datasets that `vary-data` wrote."""
