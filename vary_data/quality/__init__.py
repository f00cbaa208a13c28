"""What can be said about a finished dataset: counted, looked at, checked, drawn again."""
