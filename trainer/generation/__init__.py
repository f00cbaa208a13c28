"""Greedy generation in slots: a picture takes the slot of one whose answer has ended."""
