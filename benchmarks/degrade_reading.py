"""How well an OCR engine reads degraded pages, by profile and strength.

    python benchmarks/degrade_reading.py table DATASET
    python benchmarks/degrade_reading.py calibrate DATASET

`table`: the character error of RapidOCR on the lines of the same pages, cut out by their quads:
of all pictures, and of those that the audit of legibility keeps. `calibrate`: the character error
of lines by their correlation with the clean page, their contrast and their height, at strengths up
to 1 without any audit; the limits in `renderers/degrade/legibility.py` are chosen from it.
"""

from __future__ import annotations

import argparse
import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

from renderers.degrade.legibility import MAX_ILLEGIBLE
from renderers.degrade.pipeline import Degraded, degrade, illegible_share
from renderers.degrade.profile import NAMES, Profile, packaged, parse
from renderers.degrade.quads import Quads, corners_of
from renderers.picture import Pixels
from vary_data import open_dataset
from vary_data.base.seed import TaskSeed
from vary_data.quality.validate.second_reader import RapidOcr, _plain

STRENGTHS = (0.0, 0.3, 0.6, 1.0)
EXTRA = {
    "pale": "[exposure: {haze: [0.3, 0.5], dim: [0.3, 0.48], gamma: 0}, sensor_noise: {amount: 1}]",
    "blurred": "[focus: {sigma: [0.02, 0.3], uneven: 0}, sensor_noise: {amount: 1}]",
    "small": "[frame: {zoom: [0.25, 0.6], margin: 0}]",
}
"""Profiles for the calibration of the limits of contrast and of height alone."""
MIN_CHARACTERS = 6
HEIGHT = 40
"""Pixels to which a line is scaled at least, as a reader does with small text."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["table", "calibrate"])
    parser.add_argument("dataset")
    parser.add_argument("--profiles", default=",".join(name for name in NAMES if name != "mix"))
    parser.add_argument("--pages", type=int, default=8, help="of each configuration")
    parser.add_argument("--lines", type=int, default=12, help="of each page, spread over it")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    pages = [
        page_of(row, options.lines)
        for config in open_dataset(options.dataset).configs
        for row in list(_with_lines(config.rows()))[: options.pages]
    ]
    names = options.profiles.split(",")
    profiles = [parse(EXTRA[n], n) if n in EXTRA else packaged(n) for n in names]
    (table if options.what == "table" else calibrate)(pages, profiles, RapidOcr())


Page = tuple[Pixels, Quads, list[str]]


def _with_lines(rows: Any) -> Any:
    return (row for row in rows if sum(r["role"] == "line" for r in row["regions"]) >= 5)


def page_of(row: dict[str, Any], count: int) -> Page:
    """The picture of a row, and the corners and texts of some of its lines."""
    pixels = np.asarray(Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB"))
    lines = [
        r
        for r in row["regions"]
        if r["role"] == "line"
        and len(_plain(r["text"])) >= MIN_CHARACTERS
        and any(map(str.isalnum, r["text"]))
        and r["bbox"][2] - r["bbox"][0] > r["bbox"][3] - r["bbox"][1]
    ]
    chosen = [lines[i * len(lines) // count] for i in range(min(count, len(lines)))]
    boxes = np.array([r["bbox"] for r in chosen], np.float64).reshape(-1, 4)
    return pixels, corners_of(boxes), [r["text"] for r in chosen]


def degraded(page: Page, profile: Profile, strength: float, seed: int) -> Degraded:
    task = TaskSeed(seed)
    return degrade(page[0], page[1], profile, strength, lambda name: task.generator(0, name))


def errors(found: Degraded, texts: Sequence[str], reader: RapidOcr) -> list[tuple[int, int]]:
    """(wrong, all) characters of each line."""
    cuts = [_cut(found.pixels, quad) for quad in found.quads]
    answers = reader.read_lines(cuts)
    pairs = ((_plain(text), _plain(answer)) for text, answer in zip(texts, answers, strict=True))
    return [(min(Levenshtein.distance(a, b), len(a)), len(a)) for a, b in pairs]


def _cut(pixels: Pixels, quad: Any) -> Pixels:
    """A line turned upright, with a margin of a tenth of its height."""
    along = np.linalg.norm(quad[1] - quad[0] + quad[2] - quad[3]) / 2
    across = np.linalg.norm(quad[3] - quad[0] + quad[2] - quad[1]) / 2
    scale = max(1.0, HEIGHT / max(across, 1.0))
    width, height = max(8, round(along * scale)), max(8, round(across * scale))
    margin = height / 10
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) + margin
    matrix = cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), corners)
    size = (width + round(2 * margin), height + round(2 * margin))
    line = cv2.warpPerspective(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(line if line.ndim == 3 else np.repeat(line[..., None], 3, axis=2))


def table(pages: list[Page], profiles: list[Profile], reader: RapidOcr) -> None:
    print("character error of all pictures / of those that are kept (share kept)\n")
    print(f"| profile | {' | '.join(f'{s:g}' for s in STRENGTHS)} |")
    print(f"| --- |{' ---: |' * len(STRENGTHS)}")
    for profile in profiles:
        cells = []
        for strength in STRENGTHS:
            every, kept, count = np.zeros(2), np.zeros(2), 0
            for seed, page in enumerate(pages):
                found = degraded(page, profile, strength, seed)
                lengths = np.array([len(text) for text in page[2]], np.float64)
                wrong = np.sum(errors(found, page[2], reader), axis=0)
                every += wrong
                if illegible_share(found, page[1], lengths) <= MAX_ILLEGIBLE:
                    kept += wrong
                    count += 1
            kept_error = f"{kept[0] / kept[1]:.1%}" if count else "–"
            share = count / len(pages)
            cells.append(f"{every[0] / every[1]:.1%} / {kept_error} ({share:.0%})")
        print(f"| {profile.name} | {' | '.join(cells)} |", flush=True)


CORRELATIONS = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
CONTRASTS = (0, 6, 10, 14, 18, 24, 32, 48, 80, 140)
HEIGHTS = (0, 5, 6, 7, 8, 9, 10, 12, 14, 18)


def calibrate(pages: list[Page], profiles: list[Profile], reader: RapidOcr) -> None:
    facts = []
    for profile in profiles:
        for strength in (0.5, 0.75, 1.0):
            for seed, page in enumerate(pages):
                found = degraded(page, profile, strength, seed)
                seen = found.legibility
                for i, (wrong, length) in enumerate(errors(found, page[2], reader)):
                    facts.append(
                        (seen.correlation[i], seen.contrast[i], seen.height[i], wrong, length)
                    )
        print(f"{profile.name} read", flush=True)
    values = np.array(facts)
    legible = values[values[:, 0] >= 0.85]
    _by_bins("correlation", CORRELATIONS, values[:, 0], values)
    _by_bins("contrast, correlation from 0.85 on", CONTRASTS, legible[:, 1], legible)
    _by_bins("height, correlation from 0.85 on", HEIGHTS, legible[:, 2], legible)


def _by_bins(name: str, edges: Sequence[float], keys: Any, values: Any) -> None:
    print(f"\n| {name} from | lines | character error |\n| --- | ---: | ---: |")
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, row in zip(keys, values, strict=True):
        groups[int(np.searchsorted(edges, key, side="right"))].append(row)
    for group in sorted(groups):
        rows = np.array(groups[group])
        low = edges[group - 1] if group else "below"
        print(f"| {low} | {len(rows)} | {rows[:, 3].sum() / rows[:, 4].sum():.1%} |")


if __name__ == "__main__":
    main()
