"""What a shard was made with: the versions of the packages that draw, and the code of a checkout.

Equal pixels are promised only for equal versions. Each shard has this in its footer, so that a
dataset that was resumed after an upgrade shows it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from vary_data import __version__
from vary_data.base.json_lines import parse_json
from vary_data.dataset.reader import DatasetConfig

MADE_WITH_KEY = "vary.made_with"
"""The footer's key for the versions, as JSON."""
EARLIER_KEY = "vary.made_with_before"
"""The footer's key for the versions that made the shard's other rows, if only the failed tasks of a
shard were run again: a JSON list."""
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
        stored = parse_json(footer.get(MADE_WITH_KEY, "{}"))
    except ValueError:
        return {}
    return _checked(stored)


def _checked(stored: object) -> dict[str, str]:
    if not isinstance(stored, dict):
        return {}
    return {k: v for k, v in stored.items() if isinstance(v, str) and _WORD.fullmatch(f"{k}{v}")}


def earlier_versions(footer: Mapping[str, str]) -> list[dict[str, str]]:
    """The versions that made the rows of a shard before some of its tasks were run again."""
    try:
        stored = parse_json(footer.get(EARLIER_KEY, "[]"))
    except ValueError:
        return []
    found = [_checked(item) for item in stored] if isinstance(stored, list) else []
    return [versions_ for versions_ in found if versions_]


def kept_versions(*footers: Mapping[str, str]) -> dict[str, str]:
    """The key-values for the footer of a shard that keeps rows of the shards with `footers`."""
    all_before = [
        before for foot in footers for before in (*earlier_versions(foot), stored_versions(foot))
    ]
    other = [before for before in all_before if before and before != versions()]
    distinct = [before for i, before in enumerate(other) if before not in other[:i]]
    return {EARLIER_KEY: json.dumps(distinct)} if distinct else {}


def made_with(config: DatasetConfig) -> dict[str, list[str]]:
    """The shards of a configuration by what they were made with, as text."""
    groups: dict[str, list[str]] = {}
    for shard in config.shards:
        if shard.finished:
            of_shard = [
                stored_versions(shard.footer) or _checked(config.plan.get("versions")),
                *earlier_versions(shard.footer),
            ]
            text = "; other rows with ".join(map(_text, of_shard))
            groups.setdefault(text, []).append(f"{shard.split}-{shard.index:05d}")
    return groups


def version_notes(config: DatasetConfig) -> list[str]:
    """What differs between the versions that made the shards of a configuration, and between those
    and the versions that would make the missing ones; empty if nothing does."""
    finished = [shard for shard in config.shards if shard.finished]
    made = [
        (versions_, shard)
        for shard in finished
        for versions_ in (stored_versions(shard.footer), *earlier_versions(shard.footer))
        if versions_
    ]
    differing = _differing([found for found, _ in made])
    notes = []
    if differing:
        counts = Counter(_text(found, differing) for found, _ in made)
        parts = "; ".join(f"{count:,} with {text}" for text, count in counts.items())
        notes.append(f"its shards were made with different versions: {parts}")
    missing = len(config.shards) - len(finished) + sum(bool(shard.unstable) for shard in finished)
    now = versions()
    if missing and made and made[-1][0] != now:
        differing = _differing([made[-1][0], now])
        notes.append(
            f"{missing:,} shards are left, and would be made with {_text(now, differing)} "
            f"(finished ones: {_text(made[-1][0], differing)})"
        )
    return notes


def _differing(found: Sequence[Mapping[str, str]]) -> list[str]:
    """The packages whose versions are not the same everywhere."""
    names = dict.fromkeys(name for versions_ in found for name in versions_)
    return [name for name in names if len({versions_.get(name) for versions_ in found}) > 1]


def _text(found: Mapping[str, str], names: Sequence[str] = ()) -> str:
    if names:
        found = {name: found.get(name, "none") for name in names}
    return ", ".join(f"{package} {version}" for package, version in found.items())
