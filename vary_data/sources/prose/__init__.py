"""Sentences, names and numbers for pages: a grammar over built-in words, or a user's corpus."""
