"""Whether a toy model learns two target forms: the share of its answers that are valid.

    OMP_NUM_THREADS=1 python -m benchmarks.toy_targets FOLDER [--samples 8] [--forms html qwen]
                                                       [--steps 150]

For charts as HTML tables and for posters and slides as Qwen-VL's layout JSON, it makes a dataset,
trains Vary-tiny in toy size on the CPU without a warm-up (`data.targets` writes the texts), and
reads the training pictures with greedy decoding, nothing constrained. An HTML answer is valid if
`parse_html` reads a table of at least two rows and columns that fills the answer; a JSON answer is
valid if it is a list of entries with the form's keys, boxes of four whole numbers and a known
label. The share is measured of random weights (after one step at a rate of 1e-12) and of the
trained ones. FOLDER keeps the datasets, runs and answers.

It says whether the form was learned, not whether the model reads: compare the texts for that.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from renderers.roles import BLOCKS
from trainer import load_reader, train
from trainer.data.pictures import decode
from vary_data import generate, open_dataset
from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.html import parse_html
from vary_data.targets.target import targets

LABELS = {block.doclaynet for block in BLOCKS.values()} - {None}
KEYS = ({"bbox_2d", "label"}, {"bbox_2d", "label", "text_content"})
MAX_TOKENS = 800


def is_html_table(text: str) -> bool:
    """Whether the answer is one table of at least two rows and columns."""
    if not text.startswith("<table>") or not text.endswith("</table>"):
        return False
    try:
        table = parse_html(text)
    except Rejected:
        return False
    return table.rows > 1 and table.columns > 1


def is_layout(text: str) -> bool:
    """Whether the answer is a list of entries with a box, a label and, but for shapes, a text."""
    try:
        entries = json.loads(text)
    except ValueError:
        return False
    return isinstance(entries, list) and bool(entries) and all(map(_is_entry, entries))


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) not in KEYS or entry["label"] not in LABELS:
        return False
    box = entry["bbox_2d"]
    return isinstance(box, list) and len(box) == 4 and all(type(place) is int for place in box)


TASKS: dict[str, tuple[str, dict[str, Any], Callable[[str], bool]]] = {
    "html": (
        "render-charts",
        {"types": ("bar", "horizontal_bar", "pie"), "backend": "matplotlib"},
        is_html_table,
    ),
    "qwen": ("web-pages", {"genres": ("poster", "slide")}, is_layout),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--forms", nargs="*", choices=list(TASKS), default=list(TASKS))
    arguments = parser.parse_args()
    for form in arguments.forms:
        measure(form, arguments.folder / form, arguments.samples, arguments.steps)


def measure(form: str, folder: Path, samples: int, steps: int) -> None:
    """Train on one form and print the shares."""
    generator, options, is_valid = TASKS[form]
    generate(generator, folder / "data", name="data", lang="en", num_samples=samples, workers=2,
             splits={"train": 1.0}, **options)  # fmt: skip
    rows = list(open_dataset(folder / "data").config("data").rows())
    truths = [targets(row, form)[0].text for row in rows]
    assert all(map(is_valid, truths))
    start = time.perf_counter()
    for name, number, rate in (("before", 1, 1e-12), ("after", steps, 1e-3)):
        run = train(
            "tiny-toy",
            folder / name,
            datasets=[folder / "data"],
            overrides=[
                f"data.targets={form}",
                "data.too_long=skip",
                f"train.steps={number}",
                f"train.batch_size={samples}",
                f"train.micro_batch={samples}",
                f"optim.lr={rate}",
                "warm_up.mode=none",
                "evaluation.every=0",
                f"checkpoint.every={number}",
                f"model.max_length={MAX_TOKENS}",
            ],
        )
        reader = load_reader(run, "cpu", max_new_tokens=MAX_TOKENS - 32)
        answers = reader.read([decode(row["image"]["bytes"]) for row in rows])
        texts = [answer.text for answer in answers]
        (folder / f"{name}.jsonl").write_text(
            "".join(
                json.dumps({"answer": text, "truth": truth, "valid": is_valid(text)}) + "\n"
                for text, truth in zip(texts, truths, strict=True)
            )
        )
        valid, exact = sum(map(is_valid, texts)), sum(map(str.__eq__, texts, truths))
        seconds = time.perf_counter() - start
        print(
            f"{form} {name}: {valid} of {len(rows)} answers are valid, "
            f"{len(set(texts))} different, {exact} exact; {seconds:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
