"""The names of the looks, without a renderer: each is a file of style data in `looks/`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("looks")
FREE = "free"
"""No look: everything is sampled."""
LOOKS: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
"""The names of all looks."""
