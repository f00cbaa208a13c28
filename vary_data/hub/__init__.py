"""Publishing on the Hugging Face Hub: the published files, the card, and the upload."""
