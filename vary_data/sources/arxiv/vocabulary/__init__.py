"""Data tables (TSV) of the TeX commands and environments that the extraction knows: name in,
typed row out."""
