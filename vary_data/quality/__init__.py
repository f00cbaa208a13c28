"""Tools for finished datasets: statistics, preview, validation, replay, duplicates."""
