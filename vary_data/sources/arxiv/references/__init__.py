"""Labels, citations and acronyms of a document in, their printed text out."""
