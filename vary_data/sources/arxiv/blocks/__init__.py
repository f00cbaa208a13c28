"""Step 4: nodes in, blocks of a document and rejections out."""
