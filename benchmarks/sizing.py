"""Core-hours and bytes of the paper's 4.7 M samples, from a few samples of every kind.

    python benchmarks/sizing.py [-n 120] [--only pages] [--pdf-en DIR] [--pdf-zh DIR]
                                [--latex-en DIR] [--latex-zh DIR] [--pictures DIR]

Makes some samples of each kind with one worker and counts processor seconds of the whole tree of
processes (worker, browser, pdflatex, the process that writes), so that other load on the machine
hardly matters. The first fifth of the tasks, with the start of the tools, does not count. Inputs
that are not named are the few small ones that come with the package.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import psutil

from vary_data import generators
from vary_data.cli.generate import expand
from vary_data.engine.executors import local
from vary_data.engine.executors.progress import Progress
from vary_data.engine.plan import RunPlan


@dataclass(frozen=True)
class Entry:
    """One line of the paper's data: how many samples, and how a few are made."""

    name: str
    samples: int
    kind: str
    lang: str
    options: dict[str, Any]


@dataclass
class Meter:
    """Processor seconds and samples at every task's end."""

    marks: list[tuple[float, int]] = field(default_factory=list)
    samples: int = 0

    def task(self, tasks: int, samples: int, rejections: Any) -> None:
        self.samples += samples
        self.marks.append((processor_seconds(), self.samples))

    def seconds_per_sample(self) -> float:
        start = self.marks[len(self.marks) // 5]
        end = self.marks[-1]
        return (end[0] - start[0]) / max(1, end[1] - start[1])


def processor_seconds() -> float:
    """Of this process, its descendants, and those of them that have ended."""
    this = psutil.Process()
    total = sum(this.cpu_times()[:2])
    for process in this.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def entries(arguments: argparse.Namespace, inputs: Path, papers: Path) -> Iterator[Entry]:
    n = arguments.n
    for lang in ("en", "zh"):
        pdfs = getattr(arguments, f"pdf_{lang}") or inputs / f"pdf_{lang}"
        pages = {"src": [str(pdfs)], "max_pages_per_doc": max(4, n // 10)}
        yield Entry(f"pages {lang}", 1_000_000, "pages", lang, pages)
    for backend, samples in (("matplotlib", 250_000), ("pyecharts", 500_000)):
        for lang in ("en", "zh"):
            options = {"num_samples": n, "backend": backend}
            yield Entry(f"charts {backend} {lang}", samples, "render-charts", lang, options)
    pictures = {"coco": str(arguments.pictures or inputs / "pictures"), "n": n}
    yield Entry("negatives", 120_000, "negatives", "en", pictures)
    for lang, samples in (("en", 500_000), ("zh", 400_000)):
        source = {"src": [str(getattr(arguments, f"latex_{lang}") or papers)]}
        source["templates_per_doc"] = 2
        yield Entry(f"latex {lang}", samples, "latex", lang, source)
    for lang in ("en", "zh"):
        options = {"num_samples": n}
        yield Entry(f"semantic charts {lang}", 100_000, "semantic-charts", lang, options)


def measure(entry: Entry) -> tuple[float, float, int]:
    """Processor seconds and stored bytes per sample, and how many samples were made."""
    data = {"generator": entry.kind, "lang": entry.lang, "options": entry.options, "timeout": 300}
    (recipe,) = expand(data)
    plan = RunPlan.resolve(recipe, generators.load(recipe.generator))
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder:
        local.run(plan, Path(folder), generators.load, 1, progress=Progress(tasks=meter.task))
        stored = sum(path.stat().st_size for path in Path(folder).glob("*/data/*.parquet"))
    if not meter.samples:
        sys.exit(f"{entry.name}: no sample was made")
    return meter.seconds_per_sample(), stored / meter.samples, meter.samples


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=120)
    parser.add_argument("--only", default="", help="only lines whose name begins so")
    for name in ("pdf-en", "pdf-zh", "latex-en", "latex-zh", "pictures"):
        parser.add_argument(f"--{name}", type=Path)
    arguments = parser.parse_args()
    print("| kind | samples | made | CPU s each | KiB each | core-hours | GB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    hours = size = count = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        resources.as_file(resources.files("vary_data.sources.arxiv") / "samples") as papers,
    ):
        demo = [sys.executable, "-m", "vary_data.sources.demo", folder]
        subprocess.run(demo, check=True)
        for entry in entries(arguments, Path(folder), papers):
            if not entry.name.startswith(arguments.only):
                continue
            seconds, stored, made = measure(entry)
            own_hours, own_size = seconds * entry.samples / 3600, stored * entry.samples / 1e9
            hours, size, count = hours + own_hours, size + own_size, count + entry.samples
            print(
                f"| {entry.name} | {entry.samples:,} | {made:,} | {seconds:.3f} "
                f"| {stored / 1024:.0f} | {own_hours:,.0f} | {own_size:,.0f} |",
                flush=True,
            )
    print(f"| all | {count:,.0f} | | | | {hours:,.0f} | {size:,.0f} |")


if __name__ == "__main__":
    main()
