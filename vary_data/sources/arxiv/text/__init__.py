"""The source of running text in, spans of Unicode text, formulas and footnotes out."""
