"""A small test set of every kind, made by vary-data's own engine, drawn and all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pymupdf
from PIL import Image

from vary_data import generators
from vary_data.base.seed import TaskSeed
from vary_data.dataset.schema import arrow_schema
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import to_batch
from vary_data.engine.sample import Sample

STORIES = {
    "en": [
        "The ferry left the harbour at dawn with nine passengers and a crate of oranges. Nobody "
        "spoke until the island came into view, and then everybody spoke at once.",
        "A clock in the station had stopped years ago. Travellers set their watches by it all the "
        "same, since every train of that line was late by exactly as much.",
        "In winter the library closed early. The keeper wrote down each lamp he put out, forty in "
        "all, and the number of pages that were left open on the tables.",
        "They counted the bridges from the boat: seven of stone, two of iron, one of rope. The "
        "last was said to hold only those who did not look at the water.",
    ],
    "zh": [
        "清晨，渡船载着九名乘客和一箱橘子离开港口。直到小岛出现在眼前，大家才同时说起话来。一位老人打开箱子，把橘子分给了每一个孩子。",
        "车站的钟多年前就停了，旅客仍然用它校准手表，因为那条线路的每一班列车都恰好晚了这么久。没有人想过要把它修好。",
        "冬天图书馆关门很早，管理员记下他熄灭的每一盏灯，一共四十盏，还有桌上翻开的书页数目。第二年春天，这本记录不见了。",
        "他们从船上数桥：七座石桥，两座铁桥，一座绳桥。据说最后那座只承得住不看水面的人。夜里有人唱起了一首很长的歌。",
    ],
}
PAPER = r"""\documentclass{article}
\title{On the Drying of Ink}
\begin{document}
\maketitle
\section{Method}
We weighed sheets of paper before and after writing, and measured the mass $m_0$ of the ink as a
function of the time $t$ in hours. The room was kept at a constant temperature during all of the
experiments that are reported here, and every sheet was used once only.
\begin{equation}
m(t) = m_0 e^{-t/\tau} + \int_0^t k(s)\,ds
\end{equation}
The constants of the three kinds of paper are given in the table, together with their prices.
\begin{table}
\caption{Constants of drying.}
\begin{tabular}{lcc}
\hline
Paper & $\tau$ in hours & Price \\ \hline
Laid & 1.5 & 20 \\
Wove & 2.25 & 35 \\
Rag & 4 & 80 \\ \hline
\end{tabular}
\end{table}
\section{Result}
Ink on rag paper dries most slowly of all, which every clerk has always known and nobody has ever
written down. The sum of all constants is
\[ \sum_{i=1}^{3} \tau_i = 7.75 \]
and it does not depend on the color of the ink, as far as the five colors of our study show.
\end{document}
"""


def make(folder: Path) -> Path:
    """`folder/test`: a dataset with every kind that this machine can make."""
    sources = folder / "sources"
    out = folder / "test"
    for lang in ("en", "zh"):
        _write(out, "render-charts", f"charts-{lang}", lang, num_samples=9)
        _write(out, "pages", f"pages-{lang}", lang, src=(str(_pdf(sources, lang)),), long_side=640)
        _write(out, "negatives", f"negatives-{lang}", lang, coco=str(_photos(sources)))
    _write(out, "semantic-charts", "semantic-en", "en", num_samples=6, styles_per_record=1,
           backend="matplotlib")  # fmt: skip
    _write(out, "web-pages", "web-en", "en", num_samples=3, genres=("academic", "invoice"),
           long_side=640)  # fmt: skip
    for name in ("docvqa", "chartqa", "llava", "laion-coco"):
        _write(out, "import", name, "en", **_public_set(sources / name, name))
    if shutil.which("pdflatex"):
        (sources / "tex").mkdir(parents=True)
        (sources / "tex" / "ink.tex").write_text(PAPER)
        _write(out, "latex", "latex-en", "en", src=(str(sources / "tex"),), long_side=800,
               templates=("article",), crops=("tables", "formulas"))  # fmt: skip
    return out


def samples(kind: str, name: str, lang: str, **options: Any) -> Iterator[Sample]:
    """What a kind performs, in this process."""
    made = generators.load(kind)
    recipe = Recipe(kind, name, lang, made.Options(**options), seed=3)
    performer = made.open(recipe)
    for task in made.tasks(recipe):
        for outcome in performer.run(task, TaskSeed.of(recipe.seed, kind, task.key)):
            if isinstance(outcome, Sample):
                yield outcome
    performer.close()


def _write(out: Path, kind: str, name: str, lang: str, **options: Any) -> None:
    folder = out / name / "data"
    folder.mkdir(parents=True)
    found = list(samples(kind, name, lang, **options))
    assert found, f"{name} gave no samples"
    table = pa.Table.from_batches([to_batch(found)], schema=arrow_schema())
    pq.write_table(table, folder / "test-00000-of-00001.parquet")


def _pdf(folder: Path, lang: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lang}.pdf"
    with pymupdf.open() as document:
        for number, story in enumerate(STORIES[lang], 1):
            page = document.new_page(width=400, height=300)
            font = "china-s" if lang == "zh" else "helv"
            box = pymupdf.Rect(40, 40, 360, 260)
            page.insert_textbox(box, f"{number}. {story}", fontsize=12, fontname=font)
        document.save(path)
    return path


def _photos(folder: Path) -> Path:
    root = folder / "coco" / "train2017"
    if not root.exists():
        root.mkdir(parents=True)
        for number in range(8):
            shade = Image.linear_gradient("L").rotate(45 * number).resize((96, 64))
            shade.convert("RGB").save(root / f"{number:012}.jpg")
    return folder / "coco"


def _public_set(folder: Path, name: str) -> dict[str, Any]:
    """The layout of a public set, with a few rows."""
    pictures = {"docvqa": "documents", "chartqa": "val/png", "llava": "", "laion-coco": ""}
    root = folder / pictures[name]
    root.mkdir(parents=True)
    for number in range(4):
        Image.linear_gradient("L").rotate(90 * number).save(root / f"{number}.png")
    if name == "docvqa":
        accepted = [["4/29/2005", "April 29, 2005"], ["Dr. Greene"], ["$1,200"], ["no"]]
        rows = [{"questionId": i, "question": f"What is it in line {i}?", "answers": a,
                 "image": f"documents/{i}.png", "ucsf_document_id": f"d{i}"}
                for i, a in enumerate(accepted)]  # fmt: skip
        (folder / "val_v1.0.json").write_text(json.dumps({"data": rows}))
        return {"dataset": name, "src": str(folder), "split": "validation", "short_answers": True}
    if name == "chartqa":
        for part, labels in (
            ("human", ["Yes", "14", "Norway", "0"]),
            ("augmented", ["57.3%", "2"]),
        ):
            found = [{"imgname": f"{i}.png", "query": f"Which {part} {i}?", "label": label}
                     for i, label in enumerate(labels)]  # fmt: skip
            (folder / "val" / f"val_{part}.json").write_text(json.dumps(found))
        return {"dataset": name, "src": str(folder), "split": "validation"}
    if name == "llava":
        turns = [
            ("What is shown?", "A bridge over a wide river."),
            ("Who built it?", "Nobody knows."),
            ("Is it old?", "It seems to be very old indeed."),
            ("Why?", "Because of the moss."),
        ]
        talks = [{"id": str(i), "image": f"{i}.png", "conversations": [
                 {"from": "human", "value": f"<image>\n{q}"}, {"from": "gpt", "value": a},
                 {"from": "human", "value": "And now?"}, {"from": "gpt", "value": "No."}]}
                 for i, (q, a) in enumerate(turns)]  # fmt: skip
        (folder / "talks.json").write_text(json.dumps(talks))
        return {"dataset": name, "src": str(folder / "talks.json")}
    for i, text in enumerate(["a dog on a red sofa", "two boats at sea", "an old clock", "snow"]):
        (folder / f"{i}.txt").write_text(text)
    return {"dataset": name, "src": str(folder)}
