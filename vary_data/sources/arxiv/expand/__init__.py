"""Step 2: the text files in, one source without inputs and macros of the document out."""
