"""The output folder: one Hugging Face dataset repository, one configuration per run.

out/README.md                                  the card; lists the configurations
out/<name>/data/<split>-00000-of-000NN.parquet the shards, nothing else
out/<name>/.vary/recipe.json, plan.json        what was asked for, and what it came to
out/<name>/.vary/shards/<shard>.json           what happened in each shard, with rejections
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data import __version__
from vary_data.errors import PlanMismatch, VaryError
from vary_data.plan import Plan, ShardSpec
from vary_data.writer import write_text

VERSIONED = ("matplotlib", "pillow", "pyarrow", "pyecharts", "playwright", "pymupdf", "numpy")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The paths of one configuration in an output folder."""

    folder: Path

    @property
    def engine(self) -> Path:
        return self.folder / ".vary"

    def shard(self, shard: ShardSpec) -> Path:
        return self.folder / "data" / shard.file_name

    def report(self, shard: ShardSpec) -> Path:
        return self.engine / "shards" / f"{Path(shard.file_name).stem}.json"

    def temporary(self, shard: ShardSpec, owner: str) -> Path:
        return self.engine / "incomplete" / f"{shard.file_name}.{owner}"

    def prepare(self, plan: Plan, overwrite: bool = False) -> list[int]:
        """Make the folder ready for this plan; the numbers of the shards still missing.

        Raises:
            PlanMismatch: the folder holds data of another recipe, and `overwrite` is not set.
            OutputError: the folder cannot be written.
        """
        recipe_file = self.engine / "recipe.json"
        existing = _read_json(self.engine / "plan.json")
        if overwrite:
            self._clear()
        elif existing and existing.get("plan_id") != plan.plan_id:
            raise PlanMismatch(
                f"{self.folder} holds another recipe's data "
                f"({_difference(_read_json(recipe_file), plan, existing)})",
                "use another --name or -o, or --overwrite to replace it",
            )
        shutil.rmtree(self.engine / "incomplete", ignore_errors=True)
        write_text(recipe_file, _dump(plan.recipe.to_dict()))
        write_text(self.engine / "plan.json", _dump({**plan.to_dict(), "versions": versions()}))
        return [i for i, shard in enumerate(plan.shards) if not self.is_finished(shard, plan)]

    def is_finished(self, shard: ShardSpec, plan: Plan) -> bool:
        """A shard is finished if and only if its file is there with this plan in its footer."""
        return footer(self.shard(shard)).get("vary.plan_id") == plan.plan_id

    def _clear(self) -> None:
        """Delete what the engine made here; a folder that it did not make is left alone."""
        foreign = [p for p in self.folder.glob("*") if p.name not in ("data", ".vary")]
        if foreign:
            raise VaryError(
                f"{self.folder} holds {foreign[0].name}, which is not ours",
                "move it away or choose another --name",
            )
        if self.folder.exists():
            # The plan goes first: a half-cleared folder then never passes for a finished one.
            for name in (".vary/plan.json", "data", ".vary/shards"):
                path = self.folder / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)


def footer(path: Path) -> dict[str, str]:
    """The engine's key-values in a shard's footer; empty when the file is absent or damaged."""
    try:
        stored = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return {}
    return {
        key.decode(): value.decode() for key, value in stored.items() if key.startswith(b"vary.")
    }


def footer_of(shard: ShardSpec, plan: Plan) -> dict[str, str]:
    return {
        "vary.plan_id": plan.plan_id,
        "vary.split": shard.split,
        "vary.shard": f"{shard.index}/{shard.count}",
        "vary.version": __version__,
    }


def configurations(root: Path) -> Iterator[Configuration]:
    """Every configuration in an output folder, by name."""
    for plan in sorted(root.glob("*/.vary/plan.json")):
        yield Configuration(plan.parent.parent)


def versions() -> dict[str, str]:
    """What drew the pictures: they are pixel-identical only under the same versions."""
    found = {"vary-data": __version__, "python": platform.python_version()}
    for package in VERSIONED:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _difference(recipe: Mapping[str, Any] | None, plan: Plan, existing: Mapping[str, Any]) -> str:
    """What of the recipe (or else of its sources) differs, in words."""
    old, new = _flat(recipe or {}), _flat(plan.recipe.to_dict())
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if keys:
        return ", ".join(f"{key}: {old.get(key)!r} there, {new.get(key)!r} now" for key in keys)
    if existing.get("version") != __version__:
        return f"made by version {existing.get('version')}, this is {__version__}"
    return "the same recipe, but its sources have changed"


def _flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
