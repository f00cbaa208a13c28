"""How annotations are drawn: a function for each kind (`kinds`), after all marks are laid out."""
