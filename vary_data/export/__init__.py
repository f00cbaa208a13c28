"""Datasets in the forms that other trainers read."""
