"""Checks the versions of Python packages without importing them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import metadata

from vary_data.quality.doctor.check import MachineCheck

GROUP = "Python packages"
CORE = (
    "click",
    "datasets",
    "fonttools",
    "jieba",
    "matplotlib",
    "numpy",
    "openai",
    "pdf2image",
    "pillow",
    "playwright",
    "pyarrow",
    "pyecharts",
    "pymupdf",
    "pyyaml",
    "rich",
    "wordfreq",
)
OPTIONAL = {
    "torch": ("vary-train", "train"),
    "transformers": ("vary-train", "train"),
    "ray": ("--executor ray", "ray"),
    "opencv-python-headless": ("degrade, --degrade", "degrade"),
}
API_KEYS = ("OPENAI_API_KEY",)


def packages(environment: Mapping[str, str] = os.environ) -> Iterator[MachineCheck]:
    """The Python packages that all commands need, then those of the extras."""
    found = {name: _version(name) for name in CORE}
    missing = [name for name, version in found.items() if not version]
    if missing:
        fix = f"pip install {' '.join(missing)}"
        yield MachineCheck(GROUP, "needed", "missing", ", ".join(missing), "all", fix=fix)
    else:
        listed = ", ".join(f"{name} {version}" for name, version in found.items())
        yield MachineCheck(GROUP, "needed", "ok", listed)
    for name, (command, extra) in OPTIONAL.items():
        if version := _version(name):
            yield MachineCheck(GROUP, name, "ok", version, command)
        else:
            fix = f"pip install 'vary-data[{extra}]'"
            yield MachineCheck(GROUP, name, "absent", "", command, fix=fix)
    for key in API_KEYS:
        needed_by = "semantic-charts, unless --base-url names a server without keys"
        if environment.get(key):
            yield MachineCheck(GROUP, key, "ok", "is set", needed_by)
        else:
            fix = f"export {key}=…"
            yield MachineCheck(GROUP, key, "absent", "is not set", needed_by, fix=fix)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
