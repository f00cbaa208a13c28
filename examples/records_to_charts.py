"""Your own numbers as charts.

    python examples/records_to_charts.py

Writes two files that people have, a table with a header row and a record with every field, and
draws each of them in several types and styles. `--records` of `vary-data semantic-charts` takes
the same files.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from vary_data import generate, open_dataset

TABLE = """\
# title: Installed capacity
# source: Source: grid operator
Year,Solar (GW),Wind (GW)
2021,1.5,2
2022,2.5,3
2023,3,4
2024,4,6
"""
RECORD = {
    "topic": "tea",
    "chart_type": "bar",
    "title": "Cups of tea in a week",
    "source": "Own count",
    "x_title": "",
    "y_title": "Cups",
    "unit": "",
    "categories": ["Ann", "Bob", "Cleo", "Dan"],
    "series": [{"name": "", "values": [13, 25, 9, 17]}],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("out/records"))
    parser.add_argument("-n", "--styles", type=int, default=3, help="charts of each record")
    arguments = parser.parse_args()

    records = arguments.out / "records"
    records.mkdir(parents=True, exist_ok=True)
    (records / "capacity.csv").write_text(TABLE, encoding="utf-8")
    (records / "tea.jsonl").write_text(json.dumps(RECORD) + "\n", encoding="utf-8")

    result = generate(
        "semantic-charts",
        arguments.out / "charts",
        backend="matplotlib",
        records=records,
        styles_per_record=arguments.styles,
        source="own numbers",
        license="CC0-1.0",
    )
    print(result.samples, "charts,", len(result.rejections), "rejected")
    for row in open_dataset(result.path).config("semantic-charts-en").rows(["text", "meta"]):
        print(json.loads(row["meta"])["type"], row["text"])


if __name__ == "__main__":
    main()
