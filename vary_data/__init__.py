"""The data engine: image-text data for document, OCR and chart models."""

__version__ = "0.2.0"
