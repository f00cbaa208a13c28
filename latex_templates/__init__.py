"""LaTeX templates as data: one preamble per file, described in `manifest.yaml`."""
