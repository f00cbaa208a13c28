"""The commands that are disturbed, with small inputs of each kind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
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


CHARTS = ("render-charts", "-n", "8", "--samples-per-shard", "3", "--backend")
TYPES = "slope,survival,tile_map,confusion_matrix,timeline,marimekko,venn,org_chart"
"""Of charts that are not drawn as bars, lines or parts of a circle."""
ONE_MEMBER = ("semantic", "rephrase", "mix")
"""Kinds that only one member makes: it writes a file first, of records, wordings or a mixture."""
KINDS = (
    *("faulty", "charts", "types", "echarts", "semantic", "pages", "poppler", "latex"),
    *("web-pages", "negatives", "import", "mix", "several"),
    *("degrade", "retarget", "rephrase", "crop"),
)


def kind(name: str, inputs: Path, server: State) -> Kind:
    """A kind with its inputs, which are written to `inputs`; `server` is its language model."""
    inputs.mkdir(parents=True, exist_ok=True)
    return Kind(name, tuple(_command(name, inputs, server)), name not in ONE_MEMBER)


def _command(name: str, inputs: Path, server: State) -> Sequence[str]:
    match name:
        case "faulty":
            return ["run", str(_faulty_recipe(inputs))]
        case "charts":
            return [*CHARTS, "matplotlib"]
        case "types":
            return [*CHARTS, "matplotlib", "--types", TYPES, "--degrade", "scan:0.5"]
        case "echarts":
            return [*CHARTS, "pyecharts"]
        case "semantic":
            server.faults = SERVER_FAULTS
            asked = ["--provider", "openai", "--base-url", server.base_url]
            return ["semantic-charts", *CHARTS[1:], "matplotlib", *asked]
        case "pages":
            return ["pages", "--src", str(_pdfs(inputs)), "--samples-per-shard", "6"]
        case "poppler":
            pages = _command("pages", inputs, server)
            return [*pages, "--rasterizer", "pdf2image", "--long-side", "640"]
        case "latex":
            source = ["--src", str(_latex_sources(inputs)), "--lang", "en"]
            templates = ["--templates", "article,review", "--templates-per-doc", "2"]
            return ["latex", *source, *templates, "--samples-per-shard", "10"]
        case "web-pages":
            genres = ["--genres", "web_article,invoice,letter", "--long-side", "800"]
            return ["web-pages", "-n", "8", "--samples-per-shard", "3", *genres]
        case "negatives":
            photos = str(_photos(inputs).parent)
            return ["negatives", "--coco", photos, "--samples-per-shard", "8"]
        case "import":
            source = ["--src", str(_conversations(inputs)), "--images", str(_photos(inputs))]
            return ["import", "llava", *source, "--samples-per-shard", "8"]
        case "mix":
            parts = [_part(part, inputs, server) for part in ("pages", "charts")]
            return ["mix", *map(str, parts), "--samples-per-shard", "6"]
        case "several":
            return ["run", str(_two_configurations(inputs))]
        case "degrade":
            part = str(_part("pages", inputs, server))
            return ["degrade", part, "--profile", "photo", "--samples-per-shard", "4"]
        case "retarget":
            part = str(_part("charts", inputs, server))
            return ["retarget", part, "--to", "markdown", "--samples-per-shard", "3"]
        case "rephrase":
            server.faults = SERVER_FAULTS
            part = str(_part("charts", inputs, server))
            asked = ["--provider", "openai", "--base-url", server.base_url, "--questions", "2"]
            return ["retarget", part, "--to", "questions", *asked, "--samples-per-shard", "3"]
        case "crop":
            return ["crop", str(_part("latex", inputs, server)), "--samples-per-shard", "4"]
    raise ValueError(f"no kind {name!r}")


def _pdfs(inputs: Path) -> Path:
    folder = inputs / "pdfs"
    if not folder.exists():
        write_pdfs(folder, {f"{number}.pdf": _pages(number) for number in range(3)})
    return folder


def _photos(inputs: Path) -> Path:
    folder = inputs / "coco" / "train2017"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(20):
        (folder / f"{number:012}.jpg").write_bytes(_picture(number, "JPEG"))
    return folder


def _conversations(inputs: Path) -> Path:
    path = inputs / "llava.json"
    path.write_text(json.dumps([_conversation(number) for number in range(24)]))
    return path


def _pages(number: int) -> list[str]:
    return [
        "\n".join(SENTENCE.format(line, page, number) for line in range(20)) for page in range(4)
    ]


def _picture(number: int, form: str) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (48, 64, 3), np.uint8)
    image = Image.fromarray(pixels).resize((320, 240))
    ImageDraw.Draw(image).rectangle((20, 20, 120 + number, 90), fill=(200, 10, 20))
    stream = io.BytesIO()
    image.save(stream, form)
    return stream.getvalue()


def _latex_sources(inputs: Path) -> Path:
    folder = inputs / "latex"
    for number in range(3):
        source = folder / f"paper{number}"
        source.mkdir(parents=True, exist_ok=True)
        (source / "main.tex").write_text(TEX.replace("NUMBER", str(number + 3)))
        (source / "wave.png").write_bytes(_picture(number, "PNG"))
        (source / "plan.pdf").write_bytes(_picture(100 + number, "PDF"))
    return folder


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


def _two_configurations(inputs: Path) -> Path:
    path = inputs / "several.yaml"
    first = {"generator": "pages", "options": {"src": [str(_pdfs(inputs))]}, "samples_per_shard": 6}
    second = {
        "generator": "render-charts",
        "lang": "zh",
        "samples_per_shard": 3,
        "options": {"num_samples": 5, "backend": "matplotlib"},
    }
    path.write_text(json.dumps({"configurations": [{**first, "lang": "en"}, second]}))
    return path


def _part(name: str, inputs: Path, server: State) -> Path:
    """A dataset of another kind, which the kind reads."""
    out = inputs / f"part-{name}"
    line = [sys.executable, "-m", "vary_data", *_command(name, inputs, server)]
    subprocess.run([*line, "-q", "-o", str(out)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out
