"""One function for each chart type, in one module for each family."""
