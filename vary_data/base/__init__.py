"""What the engine and the trainer share that knows nothing of datasets."""
