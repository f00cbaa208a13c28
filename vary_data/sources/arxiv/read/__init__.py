"""Step 1: a path in, the text files of a LaTeX source and the name of its main file out."""
