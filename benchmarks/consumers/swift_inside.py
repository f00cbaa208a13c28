"""Reads `train.jsonl` in the current folder with ms-swift, and trains on it for two steps.

    PYTHON swift_inside.py MODEL OUT

MODEL is a LLaVA. Run by an interpreter that has ms-swift and nothing of this project.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from swift import get_processor, get_template, load_dataset, sft_main

STEPS = 2
DATA = "train.jsonl"


def expected_answer(line: dict[str, Any]) -> str:
    """The answer with names and boxes in place, as this template of ms-swift writes boxes."""
    answer: str = line["messages"][-1]["content"]
    objects = line.get("objects")
    if not objects:
        return answer
    with Image.open(line["images"][0]) as picture:
        sides = picture.size * 2
    names, boxes = iter(objects["ref"]), iter(objects["bbox"])

    def scaled(_: re.Match[str]) -> str:
        one = [round(at / side * 1000) for at, side in zip(next(boxes), sides, strict=True)]
        return "[({},{}),({},{})]".format(*one)

    answer = re.sub("<bbox>", scaled, answer)
    return re.sub("<ref-object>", lambda _: next(names), answer)


def encode_all(model: str) -> tuple[int, int]:
    """Encode every line; returns the number of lines, and of boxes in them."""
    template = get_template(get_processor(model, model_type="llava1_5_hf"), max_length=10**6)
    template.set_mode("train")
    lines = [json.loads(line) for line in Path(DATA).read_text(encoding="utf-8").splitlines()]
    rows, _ = load_dataset([DATA], strict=True)
    assert len(rows) == len(lines), (len(rows), len(lines))
    boxes = 0
    for line, row in zip(lines, rows, strict=True):
        labels = template.encode(row)["labels"]
        answer = template.tokenizer.decode([label for label in labels if label >= 0])
        assert answer == expected_answer(line) + "</s>", (answer, line)
        boxes += len(line.get("objects", {}).get("bbox", ()))
    assert boxes, "no row has boxes"
    return len(lines), boxes


def train(model: str, out: str) -> float:
    """Two steps of `swift sft`; returns the last loss."""
    done = sft_main(
        ["--model", model, "--model_type", "llava1_5_hf", "--tuner_type", "full",
         "--dataset", DATA, "--split_dataset_ratio", "0", "--max_steps", str(STEPS),
         "--per_device_train_batch_size", "2", "--gradient_accumulation_steps", "1",
         "--torch_dtype", "float32", "--use_cpu", "true", "--logging_steps", "1",
         "--save_strategy", "no", "--report_to", "none", "--max_length", "32768",
         "--dataset_num_proc", "1", "--dataloader_num_workers", "0", "--strict", "true",
         "--output_dir", out, "--use_hf", "true"]
    )  # fmt: skip
    losses = [entry["loss"] for entry in done["log_history"] if "loss" in entry]
    assert len(losses) == STEPS, done
    assert 0 < losses[-1] < 20, done
    return float(losses[-1])


if __name__ == "__main__":
    lines, boxes = encode_all(sys.argv[1])
    loss = train(*sys.argv[1:3])
    print(f"ms-swift: {lines} rows, {boxes} boxes, {STEPS} steps, loss {loss:.2f}")
