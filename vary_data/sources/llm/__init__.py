"""Chart records from a language model: what to ask, asking it once, and what it costs."""
