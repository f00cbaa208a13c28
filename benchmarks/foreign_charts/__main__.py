"""Writes the test set: see `benchmarks.foreign_charts`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.foreign_charts.generator import LIBRARIES, ForeignCharts
from vary_data import generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--libraries", nargs="+", choices=LIBRARIES, default=LIBRARIES)
    parser.add_argument("--langs", nargs="+", choices=("en", "zh"), default=("en", "zh"))
    parser.add_argument("-j", "--workers", type=int, default=1)
    arguments = parser.parse_args()
    for library in arguments.libraries:
        for lang in arguments.langs:
            result = generate(
                ForeignCharts.name,
                arguments.out,
                workers=arguments.workers,
                name=f"{library}-{lang}",
                lang=lang,
                seed=arguments.seed,
                splits={"test": 1.0},
                num_samples=arguments.count,
                library=library,
            )
            print(f"{library}-{lang}: {result.samples} charts, {len(result.rejections)} left out")


if __name__ == "__main__":
    main()
