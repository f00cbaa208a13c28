"""Labels, citations and acronyms of a document in, the text that they print out."""
