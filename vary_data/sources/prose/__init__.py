"""Sentences, names and numbers for pages, from a grammar over the built-in words or from a corpus."""
