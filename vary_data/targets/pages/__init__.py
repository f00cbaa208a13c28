"""Forms of pages: text, markup, and layout with boxes."""
