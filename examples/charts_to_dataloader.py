"""Charts to a PyTorch DataLoader.

    python examples/charts_to_dataloader.py -n 64

Makes English bar, line and pie charts, opens them with the `datasets` library and iterates over
batches of pixels and texts. The rows can be used with any training code.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from datasets import load_dataset
from torch.utils.data import DataLoader

from vary_data import generate

SIDE = 256  # pixels of the square model input


def collate(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Pixels [B, 3, SIDE, SIDE] from 0 to 1, and the ground truth as Python dicts in text."""
    images = [row["image"].convert("RGB").resize((SIDE, SIDE)) for row in rows]
    pixels = torch.stack([torch.from_numpy(np.array(image)) for image in images])
    return {"pixels": pixels.permute(0, 3, 1, 2) / 255, "texts": [row["text"] for row in rows]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--out", default="out/dataloader")
    parser.add_argument("-n", "--num-samples", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=8)
    arguments = parser.parse_args()

    result = generate(
        "render-charts",
        arguments.out,
        num_samples=arguments.num_samples,
        types=["bar", "line", "pie"],
        splits={"train": 0.9, "validation": 0.1},
    )
    print(f"{result.samples} samples, {len(result.rejections)} rejections, plan {result.plan_id}")

    rows = load_dataset(arguments.out, result.name, split="train")
    loader = DataLoader(rows, arguments.batch_size, shuffle=True, collate_fn=collate)
    for number, batch in enumerate(loader):
        print(f"batch {number}: pixels {tuple(batch['pixels'].shape)}, {batch['texts'][0][:60]} …")


if __name__ == "__main__":
    main()
