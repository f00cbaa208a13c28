"""The commands that are disturbed, with small inputs of each kind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tests.tools.openai_server import State
from tests.tools.plain_pdfs import write_pdfs

ROOT = Path(__file__).resolve().parents[2]
SERVER_FAULTS = ("429", "500", "cut-off", "not-json", "refusal", "bad-record")
"""Of the stand-in for a language model; its answers depend on the request only."""
SENTENCE = "Line {} on page {} of document {} is a plain sentence of English text."
TEX = r"""\documentclass{article}
\usepackage{graphicx}
\begin{document}
\title{The Height of the Tide, Part NUMBER}\author{The Harbour Office}\maketitle
\section{Measured values}
The gauge NUMBER at the harbour was read every hour, and the height $h_{NUMBER}(t)$ was written into
a book that nobody else was allowed to touch during the whole of that long winter.
\begin{equation} h_{NUMBER}(t) = a_{NUMBER} \cos(\omega t) + \sqrt{b} \end{equation}
\begin{figure}\includegraphics[width=4cm]{wave}\caption{The wave of gauge NUMBER.}\end{figure}
\begin{figure}\includegraphics[width=4cm]{plan}\caption{The plan of gauge NUMBER.}\end{figure}
\begin{tabular}{lr} Month & Height \\ March & NUMBER.25 \\ April & 4.75 \end{tabular}
\end{document}
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A command without its output folder; its dataset is a function of it."""

    name: str
    command: tuple[str, ...]
    several: bool = True
    """Whether several members may make its shards."""


def kinds(inputs: Path, server: State) -> dict[str, Kind]:
    """The kinds by name; `inputs` is filled once, `server` answers like a language model."""
    server.faults = SERVER_FAULTS
    pdfs, sources, photos = inputs / "pdfs", inputs / "latex", inputs / "coco" / "train2017"
    write_pdfs(pdfs, {f"{number}.pdf": _pages(number) for number in range(3)})
    _write_latex(sources)
    photos.mkdir(parents=True)
    for number in range(20):
        (photos / f"{number:012}.jpg").write_bytes(_picture(number, "JPEG"))
    conversations = inputs / "llava.json"
    conversations.write_text(json.dumps([_conversation(number) for number in range(24)]))
    pdf, tex = ["pages", "--src", str(pdfs)], ["latex", "--src", str(sources), "--lang", "en"]
    charts = ["render-charts", "-n", "8", "--backend"]
    asked = ["--provider", "openai", "--base-url", server.base_url, "--max-cost", "1e9"]
    commands: dict[str, Sequence[str]] = {
        "faulty": ["run", str(_faulty_recipe(inputs))],
        "charts": [*charts, "matplotlib"],
        "echarts": [*charts, "pyecharts"],
        "semantic": ["semantic-charts", "-n", "8", "--backend", "matplotlib", *asked],
        "pages": pdf,
        "poppler": [*pdf, "--rasterizer", "pdf2image", "--long-side", "640"],
        "latex": [*tex, "--templates", "article,review", "--templates-per-doc", "2"],
        "negatives": ["negatives", "--coco", str(inputs / "coco")],
        "import": ["import", "llava", "--src", str(conversations), "--images", str(photos)],
        "mix": ["mix", str(_part(inputs, pdf)), str(_part(inputs, [*charts, "matplotlib"]))],
        "several": ["run", str(_two_configurations(inputs, pdfs))],
    }  # fmt: skip
    small = {name: ["--samples-per-shard", "3"] for name in commands}
    small |= {name: ["--samples-per-shard", "6"] for name in ("pages", "poppler", "mix")}
    small |= {name: ["--samples-per-shard", "8"] for name in ("negatives", "import")}
    small |= {"latex": ["--samples-per-shard", "10"], "faulty": [], "several": []}
    # One answer decides which request is next, so that two members would ask twice.
    single = ("semantic", "mix")
    return {
        name: Kind(name, (*command, *small[name]), name not in single)
        for name, command in commands.items()
    }


def _pages(number: int) -> list[str]:
    return [
        "\n".join(SENTENCE.format(line, page, number) for line in range(20)) for page in range(4)
    ]


def _picture(
    number: int, form: str, mode: Callable[[Image.Image], Image.Image] = lambda i: i
) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (48, 64, 3), np.uint8)
    image = Image.fromarray(pixels).resize((320, 240))
    ImageDraw.Draw(image).rectangle((20, 20, 120 + number, 90), fill=(200, 10, 20))
    stream = io.BytesIO()
    mode(image).save(stream, form)
    return stream.getvalue()


def _write_latex(folder: Path) -> None:
    for number in range(3):
        source = folder / f"paper{number}"
        source.mkdir(parents=True)
        (source / "main.tex").write_text(TEX.replace("NUMBER", str(number + 3)))
        (source / "wave.png").write_bytes(_picture(number, "PNG"))
        (source / "plan.pdf").write_bytes(_picture(100 + number, "PDF"))


def _conversation(number: int) -> dict[str, object]:
    turns = [("human", f"<image>\nWhat is on picture {number}?"), ("gpt", f"Box {number}.")]
    said = [{"from": role, "value": text} for role, text in turns]
    # Some of the pictures are missing: these rows are rejections.
    return {"id": str(number), "image": f"{number:012}.jpg", "conversations": said}


def _faulty_recipe(inputs: Path) -> Path:
    """Small pictures of the tests' generator, where starting workers is most of the work."""
    path = inputs / "faulty.yaml"
    options = {"num_samples": 60, "pause": 0.03, "faults": ["5:reject", "9:several", "17:raise"]}
    recipe = {"generator": "tests.faults.faulty:FaultyGenerator", "options": options}
    path.write_text(json.dumps({**recipe, "lang": "en", "samples_per_shard": 6}))
    return path


def _two_configurations(inputs: Path, pdfs: Path) -> Path:
    path = inputs / "several.yaml"
    first = {"generator": "pages", "options": {"src": [str(pdfs)]}, "samples_per_shard": 6}
    second = {
        "generator": "render-charts",
        "lang": "zh",
        "samples_per_shard": 3,
        "options": {"num_samples": 5, "backend": "matplotlib"},
    }
    path.write_text(json.dumps({"configurations": [{**first, "lang": "en"}, second]}))
    return path


def _part(inputs: Path, command: Sequence[str]) -> Path:
    """A dataset to mix."""
    out = inputs / f"part-{command[0]}"
    line = [sys.executable, "-m", "vary_data", *command, "-q", "-o", str(out)]
    subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out
