"""Degradations measured: ink inside of quads, and speed.

    python benchmarks/degrade.py ink DATASET --words 2000
    python benchmarks/degrade.py speed DATASET --augraphy PYTHON --synthtiger PYTHON
    python benchmarks/degrade.py pictures DATASET -o FOLDER --count 4

DATASET is a dataset of `vary-data` with words, best one configuration of pages and one of charts.
`ink` moves a map of each word's ink by the sampling of the pixels, and measures how far it is
outside of the quad that the map of the points gives: the largest distance of each word. `speed`
takes pictures whose longer side is 1,024 pixels, decodes, degrades and encodes them, and runs
Augraphy's default pipeline and SynthDoG's effects (`benchmarks/synthdog.py`) on the same pictures;
both need a Python of their own, as they need other versions of OpenCV and numpy. Times are of the
processor.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from renderers.degrade.pipeline import Degraded, degrade
from renderers.degrade.process import prepare_process
from renderers.degrade.profile import NAMES, Profile, packaged
from renderers.degrade.quads import Quads, corners_of
from renderers.degrade.sampling import sampling
from renderers.picture import Pixels, encode
from vary_data import open_dataset
from vary_data.base.seed import TaskSeed

ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Augraphy's threads wait for each other, which costs it twice the processor time."""
SYNTHDOG = Path(__file__).with_name("synthdog.py").resolve()
SIDE = 1024
INK = 60
"""Difference of brightness from the paper, of 255."""
AUGRAPHY = """
import random, sys, time, pathlib, cv2, numpy as np
import matplotlib.font_manager
from augraphy import default_augraphy_pipeline
cv2.setNumThreads(1)
WARM_UP = 5
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))
seconds = 0.0
for number, path in enumerate([*paths[:WARM_UP], *paths]):
    for attempt in range(20):
        random.seed(attempt + 100 * number), np.random.seed(attempt + 100 * number)
        pipeline = default_augraphy_pipeline()
        start = time.process_time()
        try:
            pipeline(cv2.imread(str(path)))
        except Exception:  # its step `Scribbles` downloads a font
            continue
        if number >= WARM_UP:  # numba compiles at the first use
            seconds += time.process_time() - start
        break
print(len(paths) / seconds)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["ink", "speed", "pictures"])
    parser.add_argument("dataset")
    parser.add_argument("--profiles", default=",".join(name for name in NAMES if name != "mix"))
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--words", type=int, default=2000, help="words per profile (ink)")
    parser.add_argument("--count", type=int, default=20, help="pictures per profile and kind")
    parser.add_argument("--augraphy", help="a Python with Augraphy (speed)")
    parser.add_argument("--synthtiger", help="a Python with synthtiger (speed)")
    parser.add_argument("-o", "--output", default="out/degraded", help="folder (pictures)")
    options = parser.parse_args()
    prepare_process()
    profiles = [packaged(name) for name in options.profiles.split(",")]
    rows = {
        config.name: [r for r in config.rows() if any(g["role"] == "word" for g in r["regions"])]
        for config in open_dataset(options.dataset).configs
    }
    measure = {"ink": measure_ink, "speed": measure_speed, "pictures": draw_pictures}
    measure[options.what](rows, profiles, options)


def page_of(row: dict[str, Any], side: int | None = None) -> tuple[Pixels, Quads, list[str]]:
    """The picture of a row, the corners of its words and their texts; scaled to a longer side."""
    image = Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB")
    words = [r for r in row["regions"] if r["role"] == "word"]
    boxes = np.array([r["bbox"] for r in words], np.float64).reshape(-1, 4)
    if side is not None:
        scale = side / max(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)))
        boxes *= scale
    pixels = np.asarray(image)
    gray = (pixels == pixels[..., :1]).all()
    return (pixels[..., 0] if gray else pixels), corners_of(boxes), [r["text"] for r in words]


def degraded(page: Pixels, quads: Quads, profile: Profile, strength: float, seed: int) -> Degraded:
    task = TaskSeed(seed)
    return degrade(page, quads, profile, strength, lambda name: task.generator(0, name))


def measure_ink(
    rows: dict[str, list[Any]], profiles: list[Profile], options: argparse.Namespace
) -> None:
    everything = list(itertools.chain(*itertools.zip_longest(*rows.values())))
    pages = [page_of(row) for row in everything if row is not None]
    print("| profile | words | 99th percentile | largest | area of quads |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for profile in profiles:
        distances: list[float] = []
        areas: list[float] = []
        for seed in itertools.count():
            page, quads, _ = pages[seed % len(pages)]
            # a few words of each page, so that many maps are measured
            kept = np.random.default_rng(seed).permutation(len(quads))[:60]
            found = degraded(page, quads, profile, options.strength, seed)
            distances += ink_outside(page, quads[kept], found, found.quads[kept])
            areas += list(_areas(found.quads[kept]) / np.maximum(_areas(quads[kept]), 1e-6))
            if len(distances) >= options.words:
                break
        high, largest = np.percentile(distances, 99), max(distances)
        area = np.median(areas)
        print(
            f"| {profile.name} | {len(distances):,} | {high:.2f} px | {largest:.2f} px "
            f"| {area:.2f} |",
            flush=True,
        )


def ink_outside(page: Pixels, words: Quads, found: Degraded, quads: Quads) -> list[float]:
    """The largest distance in pixels of each word's ink from its quad, 0 inside."""
    gray = page if page.ndim == 2 else page.mean(-1)
    labels = np.zeros(gray.shape, np.uint16)
    for number, word in enumerate(words, 1):
        x0, y0 = np.floor(word.min(0)).astype(int).clip(0)
        x1, y1 = np.ceil(word.max(0)).astype(int)
        box = gray[y0:y1, x0:x1].astype(float)
        if box.size:
            labels[y0:y1, x0:x1][np.abs(box - np.median(box)) > INK] = number
    height, width = found.pixels.shape[:2]
    places = sampling(found.warp, (gray.shape[0], gray.shape[1]), (height, width))
    half = np.float32(0.5)
    moved = cv2.remap(labels, places.x - half, places.y - half, cv2.INTER_NEAREST)
    ys, xs = np.nonzero(moved)
    numbers = moved[ys, xs] - 1
    points = np.stack([xs, ys], axis=1) + 0.5
    sides = np.roll(quads, -1, axis=1) - quads  # clockwise: outward is to the left
    outward = np.stack([sides[..., 1], -sides[..., 0]], axis=-1)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    offset = points[:, None] - quads[numbers]  # [p, 4, 2]
    distance = np.einsum("pek,pek->pe", offset, outward[numbers]).max(1).clip(0)
    largest = np.zeros(len(words))
    np.maximum.at(largest, numbers, distance)
    return list(largest[np.unique(numbers)])


def _areas(quads: Quads) -> Any:
    x, y = quads[..., 0], quads[..., 1]
    return np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(1)) / 2


def measure_speed(
    rows: dict[str, list[Any]], profiles: list[Profile], options: argparse.Namespace
) -> None:
    for config, found in rows.items():
        pages = [page_of(row, SIDE) for row in found[: options.count]]
        encoded = [encode(page) for page, _, _ in pages]
        total = 0.0
        for profile in profiles:
            seconds = []
            for seed, (data, (_, quads, _)) in enumerate(zip(encoded, pages, strict=True)):
                start = time.process_time()
                page = np.asarray(Image.open(io.BytesIO(data)))
                encode(degraded(page, quads, profile, 0.6, seed).pixels, "jpeg", 92)
                seconds.append(time.process_time() - start)
            total += sum(seconds)
            print(
                f"{config} {profile.name}: {len(pages) / sum(seconds):.1f} per second", flush=True
            )
        ours = len(pages) * len(profiles) / total
        print(f"{config}, all profiles: {ours:.1f} per second")
        for name, command in others(options).items():
            theirs = speed_of_others(command, encoded)
            print(f"{config}, {name}: {theirs:.2f} per second; ratio {ours / theirs:.1f}")


def others(options: argparse.Namespace) -> dict[str, list[str]]:
    """Command lines that need the folder of the pictures, and print their speed."""
    found = {}
    if options.augraphy:
        found["Augraphy"] = [options.augraphy, "-W", "ignore", "-c", AUGRAPHY]
    if options.synthtiger:
        found["SynthDoG"] = [options.synthtiger, str(SYNTHDOG), "effects"]
    return found


def speed_of_others(command: list[str], encoded: list[bytes]) -> float:
    """Pictures per processor second."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(encoded):
            Path(folder, f"{number:03d}.png").write_bytes(data)
        run = subprocess.run(
            [*command, folder],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, **ONE_THREAD},
        )
    if run.returncode:
        sys.exit(run.stderr[-2000:])
    return float(run.stdout.split()[-1])


def draw_pictures(
    rows: dict[str, list[Any]], profiles: list[Profile], options: argparse.Namespace
) -> None:
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    for profile, (config, found) in itertools.product(profiles, rows.items()):
        for seed, row in enumerate(_spread(found, options.count)):
            page, quads, _ = page_of(row)
            result = degraded(page, quads, profile, options.strength, seed)
            image = Image.fromarray(result.pixels).convert("RGB")
            draw = ImageDraw.Draw(image)
            for quad in result.quads:
                draw.polygon([tuple(corner) for corner in quad], outline=(255, 0, 0))
            image.save(folder / f"{profile.name}-{config}-{seed}.png")


def _spread(rows: list[Any], count: int) -> Iterator[Any]:
    for number in range(count):
        yield rows[number * len(rows) // count % len(rows)]


if __name__ == "__main__":
    main()
