"""Pages laid out in Chromium from a document value, with exact text, boxes, order and cells."""
