"""Chart records from a language model: requests, cached replies, and costs."""
