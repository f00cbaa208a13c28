"""What every executor does before and after its shards: lock the folder, find the missing
shards, write the card."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from vary_data.base.errors import OutputError, UsageError
from vary_data.base.storage import Location
from vary_data.engine.card import check_readme, write_card
from vary_data.engine.growth import Load, begin
from vary_data.engine.output import WHOLE, ConfigWriter, Share
from vary_data.engine.plan import RunPlan


@contextlib.contextmanager
def prepared(
    plan: RunPlan, output: Location, load: Load, overwrite: bool = False, share: Share = WHOLE
) -> Iterator[tuple[ConfigWriter, list[int]]]:
    """The plan's configuration below `output` and the numbers of its missing shards.

    The rows of a smaller plan of the same recipe are taken over; a run without any row is replaced.

    Raises:
        PlanMismatch: the folder contains the data of another recipe.
        OutputError: the folder cannot be written, or another run is writing it.
        UsageError: `overwrite` for a share: it would delete the shards of the other runs; or a
            share where the configuration must grow.
    """
    if overwrite and not share.whole:
        raise UsageError(
            "--overwrite would delete what the other parts make", "delete the folder beforehand"
        )
    target = ConfigWriter(output / plan.recipe.name)
    with _readable(output):
        check_readme(output)
    with locked(target, shared=not share.whole):
        with _readable(output):
            overwrite = begin(target, plan, load, overwrite, share)
            missing = target.prepare(plan, overwrite, share)
        try:
            yield target, missing
        finally:
            # A signal may have come before a file that was just made had its context. Another
            # thread of this process may make another share.
            target.sweep(own=share.whole)
            if share.whole:
                write_card(output)
            elif not target.missing(plan, range(len(plan.shards))):
                # The run that ends last finds all shards finished and writes the card.
                write_card(output)


@contextlib.contextmanager
def _readable(output: Location) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot read {output}: {error.strerror or error}") from error


@contextlib.contextmanager
def locked(target: ConfigWriter, shared: bool = False) -> Iterator[None]:
    """Lock a configuration against other runs; the lock ends with the process.

    With `shared`, other runs may make their shares of the same plan. Object stores and some
    network folders have no locks: two runs there only do the same work twice.

    Raises:
        OutputError: another run holds the lock, or the folder cannot be written.
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
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
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
