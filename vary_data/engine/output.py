"""The output folder: one Hugging Face dataset repository, one configuration per run.

out/README.md                                  the card; lists the configurations
out/<name>/data/<split>-00000-of-000NN.parquet the shards, nothing else
out/<name>/.vary/recipe.json, plan.json        the recipe, and the plan made from it
out/<name>/.vary/shards/<shard>.json           the report of each shard, with rejections
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data import __version__
from vary_data.base.errors import OutputError, PlanMismatch, UsageError, VaryError
from vary_data.base.json_lines import parse_json
from vary_data.base.storage import Location, each, entries, remove_tree
from vary_data.dataset.footers import footer, footers
from vary_data.dataset.reader import current_keys
from vary_data.dataset.reports import UNSTABLE_KEY, read_report
from vary_data.dataset.row_kinds import FOOTER_KEY, plain_row_kinds
from vary_data.engine.owner import is_abandoned, owner
from vary_data.engine.plan import RunPlan, ShardSpec
from vary_data.engine.provenance import MADE_WITH_KEY, versions
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
        """Whether it has all shards."""
        return self.count == 1

    def __contains__(self, number: int) -> bool:
        return number % self.count == self.index


WHOLE = Share()


@dataclass(frozen=True, slots=True)
class ConfigWriter:
    """The paths of one configuration in an output folder."""

    folder: Location

    @property
    def remote(self) -> bool:
        """Whether the folder is at a URL."""
        return not isinstance(self.folder, Path)

    @property
    def engine(self) -> Location:
        """The folder of what the engine writes in addition to the data."""
        return self.folder / ".vary"

    def shard(self, shard: ShardSpec) -> Location:
        return self.folder / "data" / shard.file_name

    def report(self, shard: ShardSpec) -> Location:
        return self.engine / "shards" / f"{Path(shard.file_name).stem}.json"

    @property
    def incomplete(self) -> Path | None:
        """The folder of unfinished shards; None at a URL, where they are in the pool's private
        folder."""
        return self.engine / "incomplete" if isinstance(self.engine, Path) else None

    def temporary(self, shard: ShardSpec, private: Path) -> Path:
        """The temporary file of a shard, in `private` if the dataset is at a URL."""
        return (self.incomplete or private) / f"{shard.file_name}.{owner()}"

    def prepare(self, plan: RunPlan, overwrite: bool = False, share: Share = WHOLE) -> list[int]:
        """Prepare the folder for this plan; the numbers of the unfinished shards of `share`.

        Raises:
            PlanMismatch: the folder contains the data of another recipe, without `overwrite`.
            OutputError: the folder cannot be written.
        """
        if overwrite:
            self._clear()
        existing = self.check(plan, overwrite)
        self.sweep()
        if not existing:
            self.write_plan(plan)
        # A plan that is there already is kept: it names the versions of the first run.
        elif self.stored_recipe() is None:
            write_text(self.engine / "recipe.json", _dump(plan.recipe.to_dict()))
        return self.unfinished(plan, [i for i in range(len(plan.shards)) if i in share])

    def check(self, plan: RunPlan, overwrite: bool = False) -> dict[str, Any] | None:
        """Check that the folder can take this plan; nothing is written.

        Returns:
            The stored plan, if it is this one.

        Raises:
            PlanMismatch: the folder contains the data of another recipe, without `overwrite`.
        """
        existing = None if overwrite else self.stored_plan()
        if existing and existing.get("plan_id") != plan.plan_id:
            difference = _describe_difference(self.stored_recipe(), plan, existing)
            raise PlanMismatch(
                f"{self.folder} contains the data of another recipe ({difference})",
                "use another --name or -o, or --overwrite to replace it",
            )
        if not existing and not overwrite:
            self._check_shards(plan)
        return existing

    def stored_plan(self) -> dict[str, Any] | None:
        """The plan in the folder; None if there is none, or it is damaged."""
        return _read_json(self.engine / "plan.json")

    def stored_recipe(self) -> dict[str, Any] | None:
        """The recipe in the folder; None if there is none, or it is damaged."""
        return _read_json(self.engine / "recipe.json")

    def write_plan(self, plan: RunPlan, **more: Any) -> None:
        """Write the plan, with more facts, and its recipe."""
        facts = {**plan.to_dict(), "versions": versions(), **more}
        write_text(self.engine / "plan.json", _dump(facts))
        write_text(self.engine / "recipe.json", _dump(plan.recipe.to_dict()))

    def missing(self, plan: RunPlan, numbers: Sequence[int]) -> list[int]:
        """The numbers of the shards that do not exist with this plan's id in their footer."""
        found = footers([self.shard(plan.shards[i]) for i in numbers])
        return [
            i
            for i, foot in zip(numbers, found, strict=True)
            if foot.get("vary.plan_id") != plan.plan_id
        ]

    def unfinished(self, plan: RunPlan, numbers: Sequence[int]) -> list[int]:
        """The numbers of the shards to make: missing ones, those without their report, and those
        with tasks that failed because of the machine."""
        found = footers([self.shard(plan.shards[i]) for i in numbers])
        present = [
            (self.report(plan.shards[i]), foot)
            for i, foot in zip(numbers, found, strict=True)
            if foot.get("vary.plan_id") == plan.plan_id and UNSTABLE_KEY not in foot
        ]
        reports = each(lambda item: read_report(*item), present, self.remote)
        stable = {path for (path, _), report in zip(present, reports, strict=True) if report}
        return [i for i in numbers if self.report(plan.shards[i]) not in stable]

    def sweep(self, own: bool = False) -> None:
        """Remove the temporary files whose writers have ended; a living run keeps its own.

        With `own`, those of this process are removed, too: it writes no more.
        """
        if not isinstance(self.engine, Path):
            return
        folders = (self.engine / "incomplete", self.engine, self.engine / "shards")
        for folder in folders:
            for left in folder.iterdir() if folder.is_dir() else ():
                temporary = folder == self.incomplete or left.name.startswith(".")
                mine = own and left.name.endswith(f".{owner()}")
                if temporary and (mine or is_abandoned(left)):
                    left.unlink(missing_ok=True)

    @contextlib.contextmanager
    def committing(self) -> Iterator[None]:
        """Context in which a report and its shard are written together, one run at a time.

        Object stores and some network folders have no locks: there, the digest in the footer shows
        a report that is not the shard's.
        """
        if not isinstance(self.engine, Path):
            yield
            return
        try:
            handle = os.open(self.engine / "commit", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OutputError(
                f"cannot write {self.engine}: {error.strerror}", "was the folder deleted?"
            ) from error
        try:
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _check_shards(self, plan: RunPlan) -> None:
        """Check a folder without a readable plan.

        Raises:
            PlanMismatch: it has shards of another plan.
        """
        for path in entries(self.folder / "data"):
            found = footer(path).get("vary.plan_id", plan.plan_id)
            if found != plan.plan_id:
                raise PlanMismatch(
                    f"{self.folder} has no readable plan, and {path.name} is of another recipe",
                    "use another --name or -o, or --overwrite to replace it",
                )

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


def footer_of(shard: ShardSpec, plan: RunPlan) -> dict[str, str]:
    """The key-values of a shard's footer: its plan and place, and what it is made with."""
    kinds = json.dumps(plain_row_kinds(plan.row_kinds), ensure_ascii=False)
    return {
        **({FOOTER_KEY: kinds} if plan.row_kinds else {}),
        "vary.plan_id": plan.plan_id,
        "vary.split": shard.split,
        "vary.shard": f"{shard.index}/{shard.count}",
        "vary.version": __version__,
        MADE_WITH_KEY: json.dumps(versions()),
    }


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


def _read_json(path: Location) -> dict[str, Any] | None:
    """The object in a file of the engine; None if it is missing or damaged."""
    try:
        data = parse_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror or error}") from error
    return data if isinstance(data, dict) else None


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
