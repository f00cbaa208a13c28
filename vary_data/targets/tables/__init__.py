"""Forms of tables; `table.py` has their common value."""
