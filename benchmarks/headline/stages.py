"""Stages of commands: side by side, one group after another, none of them twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

Command = tuple[str, ...]

LEDGER = "stages.jsonl"
PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Stage:
    """Commands that follow each other; the stage ended if `name` is in stages.jsonl."""

    name: str
    commands: Sequence[Command]
    gpu: int | None = None
    """The only GPU that it sees."""
    gives_way: bool = False
    """Whether it leaves the processors to the stages beside it."""
    optional: bool = False
    """Whether what follows works without it; it runs only beside stages that are needed."""


class StageError(Exception):
    """A command of a stage failed."""


def run_stages(groups: Sequence[Sequence[Stage]], out: Path) -> None:
    """Run groups of stages one after another, the stages of a group side by side.

    Raises:
        StageError: a command failed; its log is named. Other stages of its group end first.
    """
    out.mkdir(parents=True, exist_ok=True)
    done = ended(out)
    for group in groups:
        waiting = [stage for stage in group if stage.name not in done]
        if all(stage.optional for stage in waiting):
            continue
        failed = []
        with ThreadPoolExecutor(max(1, len(waiting))) as pool:
            for stage, seconds in zip(
                waiting, pool.map(partial(run_stage, out=out), waiting), strict=True
            ):
                if seconds is None:
                    if stage.optional:
                        print(f"{stage.name} failed, the run goes on: see {log_of(stage, out)}")
                    else:
                        failed.append(stage)
                    continue
                line = json.dumps({"stage": stage.name, "seconds": round(seconds, 1)})
                print(line, flush=True)
                with (out / LEDGER).open("a") as file:
                    file.write(line + "\n")
        if failed:
            names = " and ".join(stage.name for stage in failed)
            logs = ", ".join(str(log_of(stage, out)) for stage in failed)
            raise StageError(f"{names} failed: see {logs}")


def ended(out: Path) -> set[str]:
    """The names of the stages that ended."""
    ledger = out / LEDGER
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return {json.loads(line)["stage"] for line in lines}


def run_stage(stage: Stage, out: Path) -> float | None:
    """Run the commands of a stage; the seconds that they took, None if one failed."""
    environment = dict(os.environ)
    if stage.gpu is not None:
        environment["CUDA_VISIBLE_DEVICES"] = str(stage.gpu)
    prefix = ("nice", "-n", "19") if stage.gives_way else ()
    started = time.monotonic()
    with log_of(stage, out).open("wb") as log:
        for command in stage.commands:
            if subprocess.run(
                (*prefix, *command), stdout=log, stderr=log, env=environment
            ).returncode:
                return None
    return time.monotonic() - started


def log_of(stage: Stage, out: Path) -> Path:
    """What the commands of a stage print."""
    return out / f"{stage.name}.log"
