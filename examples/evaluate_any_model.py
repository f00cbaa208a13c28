"""Scoring the answers of any model.

    python examples/evaluate_any_model.py -n 20

Makes a small test set of charts, collects one answer per row in predictions.jsonl and scores them
with `vary-train evaluate`, which writes a report with the worst samples. Put your model into
`answer`: an API call, a pipeline, another repository. The stand-in here gives the answer to
another chart, so its scores are those of chance.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from vary_data import generate, open_dataset


def answer(image: Image.Image, question: str, other: str) -> str:
    """Your model's answer. `other` is the text of another row, for the stand-in only."""
    return other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", type=Path, default=Path("out/evaluate"))
    parser.add_argument("-n", "--num-samples", type=int, default=20)
    arguments = parser.parse_args()

    dataset = arguments.out / "testset"
    generate("render-charts", dataset, num_samples=arguments.num_samples, splits={"test": 1.0})

    predictions = arguments.out / "predictions.jsonl"
    other = ""
    with predictions.open("w", encoding="utf-8") as file:
        for row in open_dataset(dataset).config("charts-en").rows(split="test"):
            image = Image.open(io.BytesIO(row["image"]["bytes"]))
            question = "".join(part["text"] or "" for part in row["messages"][0]["content"])
            line = {"id": row["id"], "answer": answer(image, question, other)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            other = row["text"]

    command = ["evaluate", "--dataset", dataset, "--predictions", predictions]
    report = arguments.out / "evaluation"
    subprocess.run([sys.executable, "-m", "trainer", *command, "--out", report], check=True)


if __name__ == "__main__":
    main()
