"""The content of charts, from every source in one form, and its way to a specification."""
