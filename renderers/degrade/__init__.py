"""Degradations of pictures: scans, copies, photographs, with regions that follow.

A profile is a list of steps (`profile.py`). `degrade` draws the parameters of every step, composes
the geometric ones to one map (`warp.py`) that moves pixels and regions, and audits the legibility
of the text (`legibility.py`). Needs OpenCV (`pip install 'vary-data[degrade]'`).
"""
