"""Documents for browser pages, by genre: seeded grammars over the words of a corpus."""
