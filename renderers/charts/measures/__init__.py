"""How each chart type shows values, read from the geometry of its marks."""
