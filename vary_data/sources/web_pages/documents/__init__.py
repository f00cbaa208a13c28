"""Documents of the datasets of `latex` and `pages`, set again as browser pages."""
