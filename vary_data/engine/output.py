"""The output folder: one Hugging Face dataset repository, one configuration per run.

out/README.md                                  the card; lists the configurations
out/<name>/data/<split>-00000-of-000NN.parquet the shards, nothing else
out/<name>/.vary/recipe.json, plan.json        the recipe, and the plan made from it
out/<name>/.vary/shards/<shard>.json           the report of each shard, with rejections
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from vary_data import __version__
from vary_data.base.errors import OutputError, PlanMismatch, UsageError, VaryError
from vary_data.base.storage import Location, remove_tree
from vary_data.dataset.footers import footers
from vary_data.dataset.reader import current_keys
from vary_data.dataset.row_kinds import FOOTER_KEY, plain_row_kinds
from vary_data.engine.plan import RunPlan, ShardSpec
from vary_data.engine.writer import write_text


@dataclass(frozen=True, slots=True)
class Share:
    """Every `count`-th shard from `index` on: the part of a plan that one of `count` runs makes."""

    index: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Share:
        """Parse `I/N`, with I from 0 to N-1.

        Raises:
            UsageError: the text has another form.
        """
        index, slash, count = text.partition("/")
        if not (slash and index.isdecimal() and count.isdecimal() and int(count) > 0):
            raise UsageError(f"--shards {text!r} is not I/N", "for example 0/8, the first of eight")
        if int(index) >= int(count):
            raise UsageError(
                f"--shards {text}: there is no part {index} of {count}",
                f"parts are counted from 0: with Slurm, --array=0-{int(count) - 1}",
            )
        return cls(int(index), int(count))

    @property
    def whole(self) -> bool:
        return self.count == 1

    def __contains__(self, number: int) -> bool:
        return number % self.count == self.index


WHOLE = Share()

VERSIONED_PACKAGES = (
    "matplotlib",
    "pillow",
    "pyarrow",
    "pyecharts",
    "playwright",
    "pymupdf",
    "numpy",
)


@dataclass(frozen=True, slots=True)
class ConfigWriter:
    """The paths of one configuration in an output folder."""

    folder: Location

    @property
    def remote(self) -> bool:
        return not isinstance(self.folder, Path)

    @property
    def engine(self) -> Location:
        return self.folder / ".vary"

    def shard(self, shard: ShardSpec) -> Location:
        return self.folder / "data" / shard.file_name

    def report(self, shard: ShardSpec) -> Location:
        return self.engine / "shards" / f"{Path(shard.file_name).stem}.json"

    @property
    def incomplete(self) -> Path:
        """The folder of unfinished shards, always on a disk of this machine."""
        if isinstance(self.folder, Path):
            return self.folder / ".vary" / "incomplete"
        return Path(tempfile.gettempdir()) / f"vary-data-{os.getuid()}"

    def temporary(self, shard: ShardSpec, owner: str) -> Path:
        return self.incomplete / f"{shard.file_name}.{owner}"

    def prepare(self, plan: RunPlan, overwrite: bool = False, share: Share = WHOLE) -> list[int]:
        """Prepare the folder for this plan; the numbers of the missing shards of `share`.

        Raises:
            PlanMismatch: the folder contains the data of another recipe, without `overwrite`.
            OutputError: the folder cannot be written.
        """
        recipe_file = self.engine / "recipe.json"
        existing = _read_json(self.engine / "plan.json")
        if overwrite:
            self._clear()
        elif existing and existing.get("plan_id") != plan.plan_id:
            raise PlanMismatch(
                f"{self.folder} contains the data of another recipe "
                f"({_describe_difference(_read_json(recipe_file), plan, existing)})",
                "use another --name or -o, or --overwrite to replace it",
            )
        numbers = [i for i in range(len(plan.shards)) if i in share]
        self.sweep([plan.shards[i] for i in numbers])
        if share.whole or not existing:
            write_text(recipe_file, _dump(plan.recipe.to_dict()))
            write_text(self.engine / "plan.json", _dump({**plan.to_dict(), "versions": versions()}))
        return self.missing(plan, numbers)

    def missing(self, plan: RunPlan, numbers: Sequence[int]) -> list[int]:
        """The numbers of the shards that are not finished.

        A shard is finished if and only if its file exists with this plan's id in its footer.
        """
        found = footers([self.shard(plan.shards[i]) for i in numbers])
        return [
            i
            for i, foot in zip(numbers, found, strict=True)
            if foot.get("vary.plan_id") != plan.plan_id
        ]

    def sweep(self, shards: Sequence[ShardSpec]) -> None:
        """Remove the temporary files that killed runs left of these shards.

        The caller holds the lock, so no other run is writing these shards.
        """
        if not self.incomplete.is_dir():
            return
        names = {shard.file_name for shard in shards}
        for left in self.incomplete.iterdir():
            name, _, owner = left.name.rpartition(".")
            # The folder for remote outputs also has files of other runs on this machine.
            if name in names and not (self.remote and _is_alive(owner)):
                left.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Delete the files of the engine.

        Raises:
            VaryError: the folder has other files; nothing was deleted.
        """
        foreign = [p for p in self.folder.glob("*") if p.name not in ("data", ".vary")]
        if foreign:
            raise VaryError(
                f"{self.folder} contains {foreign[0].name}, which is not part of a dataset",
                "move it away or choose another --name",
            )
        if self.folder.exists():
            # The plan is deleted first, so that a half-cleared folder never looks finished.
            for name in (".vary/plan.json", "data", ".vary/shards"):
                path = self.folder / name
                if path.is_dir():
                    remove_tree(path)
                else:
                    path.unlink(missing_ok=True)


def owner() -> str:
    """The suffix of a temporary file: the host and process that write it."""
    return f"{platform.node().replace('.', '_')}-{os.getpid()}"


def _is_alive(owner: str) -> bool:
    """Whether the process that owns a temporary file on this machine is running."""
    try:
        os.kill(int(owner.rpartition("-")[2]), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError):
        return True
    return True


def footer_of(shard: ShardSpec, plan: RunPlan) -> dict[str, str]:
    kinds = json.dumps(plain_row_kinds(plan.row_kinds), ensure_ascii=False)
    return {
        **({FOOTER_KEY: kinds} if plan.row_kinds else {}),
        "vary.plan_id": plan.plan_id,
        "vary.split": shard.split,
        "vary.shard": f"{shard.index}/{shard.count}",
        "vary.version": __version__,
    }


def versions() -> dict[str, str]:
    """The versions of the packages that draw; equal pixels are promised only for equal versions."""
    found = {"vary-data": __version__, "python": platform.python_version()}
    for package in VERSIONED_PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _describe_difference(
    recipe: Mapping[str, Any] | None, plan: RunPlan, existing: Mapping[str, Any]
) -> str:
    """A message about what differs: keys of the recipe, the version, or the sources."""
    old, new = _flatten(current_keys(dict(recipe or {}))), _flatten(plan.recipe.to_dict())
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if keys:
        return ", ".join(f"{key}: {old.get(key)!r} there, {new.get(key)!r} now" for key in keys)
    if existing.get("version") != __version__:
        return f"made by version {existing.get('version')}, this is {__version__}"
    return "the same recipe, but its sources have changed"


def _flatten(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _read_json(path: Location) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}") from error


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
