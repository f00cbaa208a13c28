"""A mixture of datasets.

    python examples/mixture.py -n 40

Makes three small datasets, describes a mixture of them in a YAML file and copies the rows of the
mixture into a dataset of its own. `vary-train tiny --dataset OUT/mixture.yaml` trains on the
description directly, without a copy.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import yaml

from vary_data import generate, open_dataset
from vary_data.dataset.mixture import describe, resolve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("out/mixture"))
    parser.add_argument("-n", "--num-samples", type=int, default=40, help="of each dataset")
    arguments = parser.parse_args()
    parts, count = arguments.out / "parts", arguments.num_samples

    generate("render-charts", parts, lang="en", num_samples=count)
    generate("render-charts", parts, lang="zh", num_samples=count)
    generate("semantic-charts", parts, lang="en", num_samples=count, backend="matplotlib")

    # Two shares of English charts, one of Chinese ones, and every semantic chart twice.
    description = {
        "seed": 0,
        "datasets": [
            {"path": "parts", "config": "charts-en", "weight": 2},
            {"path": "parts", "config": "charts-zh", "weight": 1},
            {"path": "parts", "config": "semantic-charts-en", "count": 2 * count},
        ],
    }
    file = arguments.out / "mixture.yaml"
    file.write_text(yaml.safe_dump(description, sort_keys=False), encoding="utf-8")
    for line in describe(resolve(description, arguments.out)):
        print(line)

    result = generate("mix", arguments.out / "mixed", name="mix", mixture=file)
    rows = open_dataset(result.path).config("mix").rows(["kind", "lang"])
    for (kind, lang), number in sorted(Counter((r["kind"], r["lang"]) for r in rows).items()):
        print(f"{number} rows of kind {kind} in {lang}")


if __name__ == "__main__":
    main()
