"""Forms of pages: text, markup, and layout with boxes; `page.py` has their common value."""
