"""Errors, storage, seeds and the command frame, shared by engine and trainer."""
