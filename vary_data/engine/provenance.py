"""What a shard was made with: the versions of the packages that draw, and the code of a checkout.

Equal pixels are promised only for equal versions. Each shard has this in its footer, so that a
dataset that was resumed after an upgrade shows it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from vary_data import __version__
from vary_data.dataset.reader import DatasetConfig

MADE_WITH_KEY = "vary.made_with"
"""The footer's key for the versions, as JSON."""
PACKAGES = ("matplotlib", "pillow", "pyarrow", "pyecharts", "playwright", "pymupdf", "numpy")
CODE = ("vary_data", "renderers", "latex_templates")
_WORD = re.compile(r"[A-Za-z0-9.+_-]{1,80}")
_IGNORED = ("__pycache__",)


@cache
def versions() -> dict[str, str]:
    """The versions of Python and the packages, and `code`, a hash of the code of a checkout."""
    found = {"vary-data": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    root = Path(__file__).parents[2]
    if (root / "pyproject.toml").is_file():
        found["code"] = code_hash(root)
    return found


def code_hash(root: Path) -> str:
    """A hash of all files that can change the content of a dataset."""
    digest = hashlib.blake2b(digest_size=8)
    for package in CODE:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and not any(part in _IGNORED for part in path.parts):
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def stored_versions(footer: Mapping[str, str]) -> dict[str, str]:
    """The versions in a shard's footer; empty if it has none."""
    try:
        stored = json.loads(footer.get(MADE_WITH_KEY, "{}"))
    except ValueError:
        return {}
    if not isinstance(stored, dict):
        return {}
    return {k: v for k, v in stored.items() if isinstance(v, str) and _WORD.fullmatch(f"{k}{v}")}


def made_with(config: DatasetConfig) -> dict[str, list[str]]:
    """The shards of a configuration by what they were made with, as text."""
    groups: dict[str, list[str]] = {}
    for shard in config.shards:
        if shard.finished:
            versions = stored_versions(shard.footer) or config.plan.get("versions") or {}
            text = ", ".join(f"{package} {version}" for package, version in versions.items())
            groups.setdefault(text, []).append(f"{shard.split}-{shard.index:05d}")
    return groups
