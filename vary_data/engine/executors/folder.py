"""What every executor does around its shards: guard the folder, find what is missing, write the
card."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from vary_data.base.errors import OutputError, UsageError
from vary_data.base.storage import Location
from vary_data.engine.card import check_readme, write_card
from vary_data.engine.output import WHOLE, ConfigWriter, Share
from vary_data.engine.plan import RunPlan


@contextlib.contextmanager
def prepared(
    plan: RunPlan, output: Location, overwrite: bool = False, share: Share = WHOLE
) -> Iterator[tuple[ConfigWriter, list[int]]]:
    """The plan's configuration below `output` and the numbers of its missing shards.

    Raises:
        PlanMismatch: the folder holds another recipe's data.
        OutputError: the folder cannot be written, or another run is writing it.
        UsageError: one of several runs was told to delete what the others make.
    """
    if overwrite and not share.whole:
        raise UsageError(
            "--overwrite would delete what the other parts make", "delete the folder beforehand"
        )
    target = ConfigWriter(output / plan.recipe.name)
    with _readable(output):
        check_readme(output)
    with locked(target, together=not share.whole):
        with _readable(output):
            missing = target.prepare(plan, overwrite, share)
        try:
            yield target, missing
        finally:
            target.sweep([shard for i, shard in enumerate(plan.shards) if i in share])
            if share.whole:
                write_card(output)
            elif not target.missing(plan, range(len(plan.shards))):
                # The last one to end finds all shards there, however many end together.
                write_card(output)


@contextlib.contextmanager
def _readable(output: Location) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot read {output}: {error.strerror or error}") from error


@contextlib.contextmanager
def locked(target: ConfigWriter, together: bool = False) -> Iterator[None]:
    """Refuse to share a configuration with another run; the lock ends with the process.

    Runs that make parts of one plan go `together`. Object stores, and network folders without
    locks, have none: two runs there only do the same work twice.
    """
    if not isinstance(target.folder, Path):
        yield
        return
    lock = target.folder / ".vary" / "lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(
            f"cannot write {target.folder}: {error.strerror}", "choose another folder with -o"
        ) from error
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if together else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise OutputError(
            f"another run is writing {target.folder}", "wait for it or choose another --name"
        ) from None
    except OSError:
        pass  # a network folder without locks
    try:
        yield
    finally:
        os.close(handle)
