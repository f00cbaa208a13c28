"""Disturbs runs at random and checks that nothing is lost: a long, seeded test.

    python -m benchmarks.chaos [--rounds 300] [--first 0] [--kinds charts pages …] [--ray]

A round makes one small dataset while processes are killed, stopped or frozen, a second member makes
the same shards, finished shards are deleted, or file handles are few. The command must then either
exit with 0, and the dataset is the one of an undisturbed run, or exit with another status and name
what is missing; in that case the same command again must give the undisturbed dataset. No process
may be left behind. Round N is the same for every start: `--first N --rounds 1` repeats it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.tools.plain_pdfs import write_pdfs
from vary_data.base.errors import VaryError
from vary_data.dataset.reader import Dataset

ROOT = Path(__file__).resolve().parents[1]
MARK = "VARY_CHAOS_ROUND"
MAX_RUNS = 4
"""Runs of the same command after a disturbed one; a task is tried in three of them."""
DEADLINE = 600.0
"""Seconds in which a run must end."""
ENDINGS = {0: "complete", 1: "failed", 3: "rejected", 4: "unstable", 130: "stopped"}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """An event during a run: its name and the share of the undisturbed time at which it happens."""

    name: str
    moment: float


def kinds(inputs: Path) -> dict[str, list[str]]:
    """The command of each kind; inputs are made once."""
    pdfs = inputs / "pdfs"
    sentence = "Line {} on page {} of document {} is a plain sentence of English text."
    write_pdfs(
        pdfs,
        {
            f"{number}.pdf": [
                "\n".join(sentence.format(line, page, number) for line in range(20))
                for page in range(6)
            ]
            for number in range(3)
        },
    )
    samples = ROOT / "vary_data" / "sources" / "arxiv" / "samples"
    charts = ["render-charts", "-n", "24", "--backend"]
    commands = {
        "charts": [*charts, "matplotlib"],
        "echarts": [*charts, "pyecharts"],
        "semantic": ["semantic-charts", "-n", "16", "--backend", "matplotlib"],
        "pages": ["pages", "--src", str(pdfs)],
        "latex": ["latex", "--src", str(samples / "tides.tex"), "--lang", "en"],
    }
    small = {kind: [*command, "--samples-per-shard", "6"] for kind, command in commands.items()}
    return {"faulty": ["run", str(_faulty_recipe(inputs))], **small}


def _faulty_recipe(inputs: Path) -> Path:
    """Small pictures of the tests' generator, where starting workers is most of the work."""
    path = inputs / "faulty.yaml"
    options = {"num_samples": 60, "pause": 0.03, "faults": ["5:reject", "9:several", "17:raise"]}
    recipe = {"generator": "tests.faults.faulty:FaultyGenerator", "options": options}
    path.write_text(json.dumps({**recipe, "lang": "en", "samples_per_shard": 6}))
    return path


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


def plan_of(rng: random.Random) -> tuple[int, list[Disturbance]]:
    """The number of workers and the disturbances of a round."""
    names = (
        *("kill-worker", "kill-worker", "stop-worker", "kill-child", "freeze", "freeze"),
        *("kill-command", "end-command", "double", "delete-shard", "few-handles"),
    )
    count = rng.choice((1, 1, 2, 3))
    chosen = [Disturbance(rng.choice(names), rng.uniform(0.0, 0.9)) for _ in range(count)]
    return rng.choice((1, 2)), sorted(chosen, key=lambda event: event.moment)


class Round:
    """One disturbed dataset."""

    def __init__(self, out: Path, command: Sequence[str], mark: str, ray: bool) -> None:
        self.out = out
        self.command = [*command, "-q", "-o", str(out)]
        if ray:
            self.command += ["--executor", "ray", "--ray-address", "local"]
        self.environment = {
            **os.environ,
            MARK: mark,
            "PYTHONPATH": str(ROOT),
            "VARY_WORKER_ENV": MARK,
        }
        self.log = out.with_suffix(".log")

    def start(self, workers: int, few_handles: bool = False) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", "vary_data", *self.command, "-j", str(workers)]
        if few_handles:
            arguments = ["sh", "-c", 'ulimit -n 24; exec "$@"', "sh", *arguments]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                arguments, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def run(self, workers: int) -> int:
        return self.start(workers).wait(DEADLINE)

    def disturbed(self, rng: random.Random, seconds: float) -> tuple[int, list[str]]:
        """Run with disturbances; the exit status and what happened."""
        workers, events = plan_of(rng)
        few = any(event.name == "few-handles" for event in events)
        process = self.start(workers, few)
        others: list[subprocess.Popen[bytes]] = []
        started, done = time.monotonic(), []
        for event in events:
            left = event.moment * seconds - (time.monotonic() - started)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, left))
                break
            with contextlib.suppress(psutil.Error):
                done.append(event.name)
                if event.name == "double":
                    others.append(self.start(workers))
                else:
                    ACTIONS[event.name](rng, psutil.Process(process.pid), self.out)
        status = process.wait(DEADLINE)
        for other in others:
            other.wait(DEADLINE)
        return status, done


def _descendants(process: psutil.Process, children_of_workers: bool) -> list[psutil.Process]:
    workers = [p for p in process.children() if "vary_data.engine.worker" in p.cmdline()]
    if not children_of_workers:
        return workers
    return [child for worker in workers for child in worker.children(recursive=True)]


def _signal(number: int, children: bool = False) -> Callable[..., None]:
    def act(rng: random.Random, process: psutil.Process, out: Path) -> None:
        if found := _descendants(process, children):
            rng.choice(found).send_signal(number)

    return act


def _freeze(rng: random.Random, process: psutil.Process, out: Path) -> None:
    tree = [process, *process.children(recursive=True)]
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for member in tree:
            with contextlib.suppress(psutil.Error):
                member.send_signal(number)
        if number == signal.SIGSTOP:
            time.sleep(rng.uniform(0.5, 4.0))


def _delete_shard(rng: random.Random, process: psutil.Process, out: Path) -> None:
    if shards := sorted(out.glob("*/data/*.parquet")):
        rng.choice(shards).unlink()


def _to_command(number: int) -> Callable[..., None]:
    return lambda rng, process, out: process.send_signal(number)


ACTIONS: dict[str, Callable[..., None]] = {
    "kill-worker": _signal(signal.SIGKILL),
    "stop-worker": _signal(signal.SIGSTOP),
    "kill-child": _signal(signal.SIGKILL, children=True),
    "freeze": _freeze,
    "kill-command": _to_command(signal.SIGKILL),
    "end-command": _to_command(signal.SIGTERM),
    "delete-shard": _delete_shard,
    "few-handles": lambda rng, process, out: None,
}


def left_behind(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == mark:
                yield process


def check(round_: Round, rng: random.Random, seconds: float, expected: str) -> tuple[str, str]:
    """The verdict of a round (`equal`, `named`, or what is wrong) and a description."""
    status, done = round_.disturbed(rng, seconds)
    ending = ENDINGS.get(status, str(status))
    described = f"{', '.join(done) or 'undisturbed'}: {ending}"
    try:
        made = content(round_.out)
    except VaryError:
        made = ""
    if status == 0:
        return ("equal" if made == expected else "LOST", described)
    message = round_.log.read_text(errors="replace")
    if status > 0 and "error:" not in message and "stopped" not in message and status < 128:
        return "UNNAMED", described
    for run in range(MAX_RUNS):
        if round_.run(2) == 0:
            again = content(round_.out)
            return ("named" if again == expected else "LOST"), f"{described}, {run + 1} more runs"
    return "UNFINISHED", described


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--ray", action="store_true", help="run shards on Ray of this machine")
    arguments = parser.parse_args()
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        commands = kinds(Path(folder) / "inputs")
        chosen = arguments.kinds or list(commands)
        calm: dict[str, tuple[str, float]] = {}
        for number in range(arguments.first, arguments.first + arguments.rounds):
            rng = random.Random(f"chaos-{number}")
            kind = rng.choice(chosen)
            if kind not in calm:
                calm[kind] = _undisturbed(Path(folder), kind, commands[kind])
            expected, seconds = calm[kind]
            out = Path(folder) / f"round-{number}"
            mark = f"{os.getpid()}-{number}"
            round_ = Round(out, commands[kind], mark, arguments.ray)
            verdict, described = check(round_, rng, seconds, expected)
            time.sleep(0.2)
            if verdict in ("equal", "named") and (left := list(left_behind(mark))):
                verdict, described = "LEFT BEHIND", f"{described}; {left}"
            verdicts[verdict] += 1
            print(f"{number} {kind}: {verdict} ({described})", flush=True)
            if verdict not in ("equal", "named"):
                print(round_.log.read_text(errors="replace")[-2000:], flush=True)
            shutil.rmtree(out, ignore_errors=True)
    print(dict(verdicts))
    return 0 if set(verdicts) <= {"equal", "named"} else 1


def _undisturbed(folder: Path, kind: str, command: Sequence[str]) -> tuple[str, float]:
    """The content of an undisturbed run, and its seconds."""
    round_ = Round(folder / f"calm-{kind}", command, "calm", ray=False)
    started = time.monotonic()
    if status := round_.run(2):
        raise SystemExit(f"{kind} ends with {status}: {round_.log.read_text()[-2000:]}")
    return content(round_.out), time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
