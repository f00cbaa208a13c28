"""What may differ when a run is resumed: settings, and the data under it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from trainer.errors import RunError
from trainer.settings import Settings, read_recipe, settings_from, to_yaml

SAME_RESULTS = ("log", "checkpoint", "evaluation", "data.workers", "data.prefetch",
                "data.cache_mb", "train.compile", "train.activation_checkpointing",
                "train.device", "train.parallel", "train.micro_batch", "train.micro_tokens",
                "train.nonfinite_limit", "train.profile")  # fmt: skip
"""Settings that may differ, because they do not change the results."""
OTHER_RESULTS = ("optim", "train.precision", "train.steps", "train.epochs")
"""Settings that may differ, and change what follows: each change gets a line."""


def check_settings(folder: Path, settings: Settings) -> list[str]:
    """The settings of the run in `folder` that change what follows, each as a line.

    Raises:
        RunError: A setting differs that may not.
    """
    # through the settings, so that those that are newer than the run have their defaults
    recorded = settings_from(read_recipe(folder / "settings.yaml"))
    before, now = _tree(recorded), _tree(settings)
    # the fingerprints show whether it is the same data, wherever it is
    moves = ("data.datasets",) if _file(folder).exists() else ()
    changed = [
        key
        for key in sorted({*before, *now})
        if before.get(key) != now.get(key) and not _within(key, (*SAME_RESULTS, *moves))
    ]
    refused = [key for key in changed if not _within(key, OTHER_RESULTS)]
    if refused:
        key, more = refused[0], ", …" if len(refused) > 1 else ""
        raise RunError(
            f"{folder} holds a run with other settings ({key}: {before.get(key)!r}, "
            f"now {now.get(key)!r}{more})",
            "choose another --out",
        )
    return [f"{key} is {now.get(key)!r} from here on, was {before.get(key)!r}" for key in changed]


def check_data(folder: Path, now: Mapping[str, Any]) -> None:
    """Compare fingerprints of the data with those that the run in `folder` recorded, if it did.

    Raises:
        RunError: The data is not that of the run, or the record is damaged.
    """
    if not _file(folder).exists():
        return
    try:
        before: dict[str, Any] = json.loads(_file(folder).read_text(encoding="utf-8"))
        names = sorted({*before, *now})
        changed = [name for name in names if before.get(name) != now.get(name)]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise RunError(f"{_file(folder)} is damaged", "choose another --out") from error
    if changed:
        raise RunError(
            f"the data of {folder} has changed: {_difference(changed[0], before, now)}",
            f"restore it, or train on with model.weights.vary={folder} and another --out",
        )


def record(folder: Path, settings: Settings, fingerprints: Mapping[str, Any]) -> None:
    """Write what later calls compare with.

    Raises:
        OSError: The folder cannot be written.
    """
    text = json.dumps(fingerprints, indent=1, ensure_ascii=False)
    _file(folder).write_text(text + "\n", encoding="utf-8")
    (folder / "settings.yaml").write_text(to_yaml(settings), encoding="utf-8")


def _difference(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if name not in now:
        return f"{name} is gone"
    if name not in before:
        return f"{name} is new"
    rows = before[name].get("rows"), now[name]["rows"]
    if rows[0] != rows[1]:
        return f"{name} has {rows[1]} rows, and had {rows[0]} when the run began"
    return f"{name} has other files or contents than when the run began"


def _file(folder: Path) -> Path:
    return folder / "data.json"


def _within(key: str, names: Sequence[str]) -> bool:
    return any(key == name or key.startswith(f"{name}.") for name in names)


def _tree(settings: Settings) -> dict[str, Any]:
    return _flat(yaml.safe_load(to_yaml(settings)))


def _flat(tree: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(tree, dict):
        return {prefix.rstrip("."): tree}
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        leaves.update(_flat(value, f"{prefix}{key}."))
    return leaves
