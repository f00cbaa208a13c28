"""Publishing: what of an output folder others get to see, its card, and the upload."""
