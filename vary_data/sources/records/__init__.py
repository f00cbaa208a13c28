"""Chart records: content for charts as plain data, by language models and users."""
