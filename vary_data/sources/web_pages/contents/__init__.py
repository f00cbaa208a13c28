"""Content of other kinds on browser pages: charts, molecules, photographs and LaTeX formulas."""
