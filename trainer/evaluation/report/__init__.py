"""The HTML page that shows scores and the worst samples."""
