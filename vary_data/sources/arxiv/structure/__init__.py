"""Step 3: the expanded source in, numbered nodes and resolved labels out."""
