"""Forms of formulas."""
