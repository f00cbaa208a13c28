"""Disturbs runs at random and checks that nothing is lost: a long, seeded test.

    python -m benchmarks.chaos [--rounds 300] [--first 0] [--kinds charts pages …] [--ray]
                               [--results FILE] [--table]

A round makes one small dataset while processes are killed, stopped or frozen, disks are full,
other members make the same shards, finished shards are deleted, or file handles are few. The
command must then either exit with 0, and the dataset is the one of an undisturbed run, or exit with
another status and name what is missing; in that case the same command again must give the
undisturbed dataset. No process and no temporary folder may be left behind. Round N is the same for
every start: `--first N --rounds 1` repeats it. Full disks are small file systems in memory: only
root can mount them. Verdicts are appended to FILE as JSON; `--table` prints those of all starts.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.chaos_rounds.events import (
    ACTIONS,
    Disks,
    RoundPlan,
    Scene,
    empty,
    left_behind,
    plan_of,
)
from benchmarks.chaos_rounds.kinds import KINDS, ROOT, Kind, kind
from tests.tools.openai_server import serve
from vary_data.base.errors import VaryError
from vary_data.dataset.reader import Dataset

MARK = "VARY_CHAOS_ROUND"
MAX_RUNS = 4
"""Runs of the same command after a disturbed one; a task is tried in three of them."""
DEADLINE = 600.0
"""Seconds in which a run must end."""
LEAVE_SECONDS = 10.0
"""In which the processes of a killed command must have left."""
FEW_HANDLES = 24
TIMEOUT = 12.0
"""Seconds per task, so that a stopped process does not hold a round for minutes."""
ENDINGS = {0: "complete", 1: "failed", 3: "rejected", 4: "unstable", 130: "stopped"}
GOOD = ("equal", "named")


def content(out: Path) -> str:
    """A hash of all rows and of the reasons of all rejections, in order."""
    digest = hashlib.blake2b(digest_size=16)
    for config in Dataset.open(out).configs:
        for row in config.rows():
            plain = [row["id"], row["text"], row["regions"], row["meta"]]
            digest.update(json.dumps(plain, sort_keys=True).encode() + row["image"]["bytes"])
        for rejection in config.rejections():
            digest.update(f"{rejection.key} {rejection.reason} {rejection.retried}".encode())
    return digest.hexdigest()


class Round:
    """One disturbed dataset, in `folder/disk/out`, with its temporary files in `folder/tmp`."""

    def __init__(self, folder: Path, kind: Kind, mark: str, ray: bool = False) -> None:
        self.out, self.temporary = folder / "disk" / "out", folder / "tmp"
        self.disks = Disks()
        self.mark = mark
        settings = [] if kind.command[0] == "run" else ["--timeout", f"{TIMEOUT:g}"]
        self.command = [*kind.command, *settings, "-q", "-o", str(self.out)]
        if ray:
            self.command += ["--executor", "ray", "--ray-address", "local"]
        self.environment = {
            **os.environ,
            MARK: mark,
            "PYTHONPATH": str(ROOT),
            "VARY_WORKER_ENV": MARK,
            "TMPDIR": str(self.temporary),
            "OPENAI_API_KEY": "none",
            # Ray's own files are not those of the project, and its sockets need a short path.
            "RAY_TMPDIR": tempfile.gettempdir(),
        }
        for path in (self.out.parent, self.temporary):
            path.mkdir(parents=True)
        self.log = folder / "log"

    def start(
        self, workers: int, few_handles: bool = False, share: str = ""
    ) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", "vary_data", *self.command, "-j", str(workers)]
        if share:
            arguments += ["--shards", share]
        if few_handles:
            limited = f'ulimit -n {FEW_HANDLES}; exec "$@"'
            arguments = ["sh", "-c", limited, "sh", *arguments]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                arguments, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def run(self, workers: int) -> int:
        return self.start(workers).wait(DEADLINE)

    def status(self) -> str:
        arguments = [sys.executable, "-m", "vary_data", "status", str(self.out)]
        done = subprocess.run(
            arguments, cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        return done.stdout

    def disturbed(
        self, rng: random.Random, plan: RoundPlan, seconds: float
    ) -> tuple[list[int], list[str]]:
        """Run with disturbances; the exit status of each member and what happened."""
        if plan.has("full-disk"):
            self.disks.mount(self.out.parent)
        if plan.has("full-tmp", "full-tmp-passes"):
            self.disks.mount(self.temporary)
        few = plan.has("few-handles")
        shares = ("0/2", "0/2", "1/2") if plan.members > 1 else ("",)
        members = [self.start(plan.workers, few, share) for share in shares]
        others: list[subprocess.Popen[bytes]] = []
        started, done = time.monotonic(), ["few-handles"] if few else []
        for event in plan.events:
            left = event.moment * seconds * len(members) - (time.monotonic() - started)
            member = rng.choice(members)
            with contextlib.suppress(subprocess.TimeoutExpired):
                member.wait(max(0.0, left))
                continue
            if event.name == "double":
                others.append(self.start(plan.workers))
                done.append(event.name)
                continue
            with contextlib.suppress(psutil.Error, FileNotFoundError):
                scene = Scene(rng, psutil.Process(member.pid), self.out, self.temporary)
                if ACTIONS[event.name](scene):
                    done.append(event.name)
        statuses = [member.wait(DEADLINE) for member in members]
        for other in others:
            other.wait(DEADLINE)
        for folder in (self.out.parent, self.temporary):
            empty(folder)
        return statuses, [*done, *(["members"] if len(members) > 1 else [])]

    def litter(self) -> list[str]:
        """What an ended run has left: processes, and temporary files."""
        deadline = time.monotonic() + LEAVE_SECONDS
        while left := list(left_behind(MARK, self.mark)):
            if time.monotonic() > deadline:
                return [str(process) for process in left]
            time.sleep(0.1)
        incomplete = self.out.glob("*/.vary/incomplete/*")
        # Libraries leave small files of their own, such as caches; the project's are folders.
        folders = (path for path in self.temporary.iterdir() if path.is_dir())
        return [str(path) for path in (*folders, *incomplete)]


def check(
    round_: Round, rng: random.Random, plan: RoundPlan, seconds: float, expected: str
) -> tuple[str, str, list[str]]:
    """The verdict (`equal`, `named`, or what is wrong), the ending, and what happened."""
    statuses, done = round_.disturbed(rng, plan, seconds)
    ending = "+".join(ENDINGS.get(status, str(status)) for status in statuses)
    try:
        made = content(round_.out)
    except VaryError:
        made = ""
    message = round_.log.read_text(errors="replace")
    if not any(statuses):
        if made == expected:
            return "equal", ending, done
        # Of a shard that is deleted after the run has looked at it last, only `status` can know.
        if "delete-shard" not in done or "shards are missing" not in round_.status():
            return "LOST", ending, done
    if errors := [line for line in message.splitlines() if line.startswith("error:")]:
        ending = f"{ending} [{errors[0][:160]}]"
    if "Traceback" in message:
        return "TRACEBACK", ending, done
    named = "error:" in message or "stopped" in message
    if any(0 < status < 128 for status in statuses) and not named:
        return "UNNAMED", ending, done
    for run in range(MAX_RUNS):
        if round_.run(2) == 0:
            again = content(round_.out)
            ending = f"{ending}, {run + 1} more"
            return ("named" if again == expected else "LOST"), ending, done
    return "UNFINISHED", ending, done


def undisturbed(folder: Path, kind: Kind) -> tuple[str, float]:
    """The content of an undisturbed run, and its seconds."""
    round_ = Round(folder / f"calm-{kind.name}", kind, "calm")
    started = time.monotonic()
    if status := round_.run(2):
        raise SystemExit(f"{kind.name} ends with {status}: {round_.log.read_text()[-2000:]}")
    return content(round_.out), time.monotonic() - started


def table(results: Sequence[dict[str, object]]) -> str:
    """Rounds by kind and by disturbance, with their verdicts."""
    lines = []
    for title, key in (("kind", "kind"), ("disturbance", "events")):
        counts: dict[str, Counter[str]] = {}
        for result in results:
            names = result[key] if isinstance(result[key], list) else [result[key]]
            for name in names or ["none in time"]:  # type: ignore[union-attr]
                counts.setdefault(str(name), Counter())[str(result["verdict"])] += 1
        lines.append(f"{title:>18}  rounds  equal  named  wrong")
        for name, found in sorted(counts.items()):
            good = [found[verdict] for verdict in GOOD]
            wrong = found.total() - sum(good)
            lines.append(f"{name:>18}  {found.total():6}  {good[0]:5}  {good[1]:5}  {wrong:5}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--ray", action="store_true", help="run shards on Ray of this machine")
    parser.add_argument("--results", type=Path, default=Path(os.devnull), help="append verdicts")
    parser.add_argument("--table", action="store_true", help="only print a table of --results")
    arguments = parser.parse_args()
    if arguments.table:
        print(table([json.loads(line) for line in arguments.results.open("rb")]))
        return 0
    results = []
    with tempfile.TemporaryDirectory() as root, serve() as server:
        folder = Path(root)
        known: dict[str, Kind] = {}
        calm: dict[str, tuple[str, float]] = {}
        for number in range(arguments.first, arguments.first + arguments.rounds):
            rng = random.Random(f"chaos-{number}")
            name = rng.choice(arguments.kinds or KINDS)
            if name not in known:
                known[name] = kind(name, folder / "inputs", server)
                calm[name] = undisturbed(folder, known[name])
            several = known[name].several and not arguments.ray
            plan = plan_of(rng, name, several, Disks.possible())
            expected, seconds = calm[name]
            mark = f"{os.getpid()}-{number}"
            round_ = Round(folder / str(number), known[name], mark, arguments.ray)
            try:
                verdict, ending, done = check(round_, rng, plan, seconds, expected)
                left = round_.litter() if verdict in GOOD else []
            finally:
                round_.disks.close()
            if left:
                verdict, ending = "LEFT BEHIND", f"{ending}; {left}"
            result = {"round": number, "kind": name, "ray": arguments.ray,
                      "verdict": verdict, "ending": ending, "events": done}  # fmt: skip
            results.append(result)
            with arguments.results.open("a") as file:
                file.write(json.dumps(result) + "\n")
            print(f"{number} {name}: {verdict} ({', '.join(done)}: {ending})", flush=True)
            if verdict not in GOOD:
                print(round_.log.read_text(errors="replace")[-2000:], flush=True)
            shutil.rmtree(folder / str(number), ignore_errors=True)
    print(table(results))
    return 0 if all(result["verdict"] in GOOD for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
