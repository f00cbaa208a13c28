"""Forms of charts; `chart.py` has their common value."""
