"""The rows to train on: which row groups of which datasets, and how often an epoch has each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from trainer.errors import DataError, SettingsError, nearest
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, entries, location
from vary_data.dataset.mixture import Mixture, Part
from vary_data.dataset.mixture_file import part_folder, read_mixture
from vary_data.dataset.row_groups import RowGroup, row_groups, split_configs, split_files
from vary_data.dataset.target_choice import TargetChoice
from vary_data.targets.registry import check_form

MIXTURE_SUFFIXES = (".yaml", ".yml")
MIXTURE_SPLIT = "train"
"""The split of a mixture, as in the dataset that `vary-data mix` would write."""

EpochRows = tuple[RowGroup, Sequence[int]]
"""A row group and its rows in an epoch, a row as often as the epoch has it."""


@dataclass(frozen=True, slots=True)
class TrainingSource:
    """The rows of one dataset configuration (`chart-en`, for example) in one split.

    `picks` has the rows of an epoch by row group; without it an epoch has every row once.
    """

    name: str
    groups: tuple[RowGroup, ...]
    picks: tuple[Sequence[int], ...] = ()

    @property
    def rows(self) -> int:
        """Samples of an epoch."""
        return sum(len(rows) for _, rows in self.epoch_rows())

    def epoch_rows(self) -> Iterator[EpochRows]:
        """The row groups, each with its rows in an epoch."""
        yield from zip(
            self.groups, self.picks or [range(group.rows) for group in self.groups], strict=True
        )


def open_catalog(
    sources: Sequence[str],
    split: str,
    chosen: Mapping[str, float] | None = None,
    form: str = "",
) -> tuple[TrainingSource, ...]:
    """The configurations of all datasets in `sources`, or only the chosen ones.

    With a `form` (docs/targets.md), targets are written in it when rows are read; of a mixture,
    those of parts without a form of their own.

    A source is a folder that `vary-data` wrote, one configuration inside it, a folder of Parquet
    files, any of them at a URL, a hub id, or the description of a mixture (YAML). A mixture is the
    split `train`; its other splits are those of the configurations that it mixes.

    Raises:
        SettingsError: `sources` is empty.
        UsageError: there is no such form.
        DataError: there is nothing to train on.
        SourceError: a file cannot be read, or its columns do not have the dataset's schema.
    """
    if not sources:
        raise SettingsError("no dataset given", "use --dataset FOLDER")
    target = TargetChoice(check_form(form)) if form else None
    found: dict[str, list[EpochRows]] = {}
    for source in sources:
        for name, rows in _read_source(source, split):
            found.setdefault(name, []).extend(_with_target(rows, target))
    if not found:
        splits = sorted({p.name.split("-")[0] for s in sources for p in _all_files(s)})
        hint = f"it has: {', '.join(splits)}" if splits else "make one with vary-data"
        raise DataError(f"{', '.join(sources)} has no Parquet files of split {split!r}", hint)
    if chosen and any(_is_mixture(source) for source in sources):
        raise DataError("a mixture defines its own shares", "leave out data.weights")
    for name in chosen or ():
        if name not in found:
            raise DataError(f"the dataset has no configuration {name!r}", nearest(name, found))
    catalog = tuple(
        _training_source(name, rows)
        for name, rows in sorted(found.items())
        if (not chosen or name in chosen) and any(len(numbers) for _, numbers in rows)
    )
    if not catalog:
        raise DataError(f"{', '.join(sources)} has no rows in split {split!r}")
    return catalog


def has_split(sources: Sequence[str], split: str) -> bool:
    """Whether any source has files of this split."""
    for source in sources:
        if not _is_mixture(source):
            if split_configs(_folder(source), split):
                return True
        elif split == MIXTURE_SPLIT or any(_other_split(Path(source).expanduser(), split)):
            return True
    return False


def _with_target(rows: list[EpochRows], target: TargetChoice | None) -> list[EpochRows]:
    """The rows of groups; a group that has no target yet gets this one."""
    return [(replace(g, target=g.target or target), numbers) for g, numbers in rows]


def _training_source(name: str, rows: Sequence[EpochRows]) -> TrainingSource:
    groups = tuple(group for group, _ in rows)
    if all(isinstance(numbers, range) for _, numbers in rows):
        return TrainingSource(name, groups)
    return TrainingSource(name, groups, tuple(numbers for _, numbers in rows))


def _read_source(source: str, split: str) -> Iterator[tuple[str, list[EpochRows]]]:
    if not _is_mixture(source):
        for config in split_configs(_folder(source), split):
            yield config.name, _all_rows(split_files(config, split))
    elif split == MIXTURE_SPLIT:
        yield from _mixture_rows(Path(source).expanduser())
    else:
        for name, files, target in _other_split(Path(source).expanduser(), split):
            yield name, _with_target(_all_rows(files), target)


def _all_rows(files: Sequence[Location]) -> list[EpochRows]:
    return [(group, range(group.rows)) for group in row_groups(files)]


def _mixture_rows(file: Path) -> Iterator[tuple[str, list[EpochRows]]]:
    """The rows of a mixture, by configuration.

    Raises:
        DataError: a dataset has another number of rows than when the mixture was described.
    """
    mixture = read_mixture(file)
    for part in mixture.parts:
        folder = part_folder(file, part)
        groups = row_groups(sorted((folder / "data").glob(f"{part.split}-*.parquet")))
        rows = sum(group.rows for group in groups)
        if rows != part.rows:
            raise DataError(
                f"{file}: {folder} has {rows} rows in split {part.split!r}, {part.rows} when it "
                "was described",
                "describe the mixture again with `vary-data mix --describe`",
            )
        times, first = mixture.times(part), 0
        epoch: list[EpochRows] = []
        for group in groups:
            group_times = times[first : first + group.rows]
            epoch.append((group, np.repeat(np.arange(group.rows), group_times).tolist()))
            first += group.rows
        yield part.config, _with_target(epoch, _target_of(part, mixture))


def _target_of(part: Part, mixture: Mixture) -> TargetChoice | None:
    """The form in which a part of a mixture asks for its targets."""
    return TargetChoice(check_form(part.to), part.prompts, mixture.seed) if part.to else None


def _other_split(
    file: Path, split: str
) -> Iterator[tuple[str, list[Location], TargetChoice | None]]:
    """Another split of the mixed configurations, without those that the mixture trains on; each
    as often as the mixture has it with another form of its targets."""
    mixture = read_mixture(file)
    mixed = {(part_folder(file, part), part.split) for part in mixture.parts}
    parts = {
        (part_folder(file, part), part.config, _target_of(part, mixture)): None
        for part in mixture.parts
    }
    for folder, name, target in sorted(parts, key=lambda part: part[:2]):
        files: list[Location] = [*sorted((folder / "data").glob(f"{split}-*.parquet"))]
        if files and (folder, split) not in mixed:
            yield name, files, target


def check_sources(sources: Sequence[str]) -> None:
    """Look whether the sources are there, which takes less than loading what trains on them.

    Raises:
        DataError: one of them is not.
    """
    for source in sources:
        if not _is_mixture(source):
            _folder(source)


def _is_mixture(source: str) -> bool:
    return source.endswith(MIXTURE_SUFFIXES) and Path(source).expanduser().is_file()


def _folder(source: str) -> Location:
    """The place of a source; of a hub dataset its newest commit, of which rows are fetched when
    they are needed.

    Raises:
        DataError: there is no such folder or dataset.
    """
    place = location(source)
    if isinstance(place, RemotePath):
        return place
    path = place.expanduser()
    if path.is_dir():
        return path
    if source.endswith(MIXTURE_SUFFIXES):
        raise DataError(f"{source} does not exist", "`vary-data mix --describe` writes mixtures")
    if path.exists() or source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise DataError(f"{source} is not a dataset folder", "give a folder made by vary-data")
    return RemotePath(f"hf://datasets/{source}@{_newest_commit(source)}")


@lru_cache
def _newest_commit(dataset: str) -> str:
    """The commit of a hub dataset that this process reads: the one that was newest at first."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return str(HfApi().dataset_info(dataset).sha)
    except (HfHubHTTPError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise DataError(
            f"{dataset} is not a local folder and cannot be read from the hub ({reason})"
        ) from error


def _all_files(source: str) -> list[Location]:
    if _is_mixture(source):
        return []
    return [file for file in entries(_folder(source), "**/*") if file.suffix == ".parquet"]
