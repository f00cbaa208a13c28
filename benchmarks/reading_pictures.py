"""Answers of `benchmarks.reading` beside their pictures and truths, as one picture.

    python -m benchmarks.reading_pictures ANSWERS DATASET OUT.png ID [ID …] [--characters 1200]

Chromium draws it. What only the truth has is red, what only the answer has is green.
"""

from __future__ import annotations

import argparse
import base64
import difflib
import html
import json
import re
from pathlib import Path

import pyarrow.dataset as ds
from playwright.sync_api import sync_playwright

from renderers.charts.echarts import find_browser

STYLE = """body{margin:0;background:#f7f7f2;width:1200px;
font:13px/1.45 'DejaVu Sans','Noto Sans CJK SC'}
.row{display:flex;gap:14px;background:#fff;border:1px solid #ddd;border-radius:8px;margin:10px;
padding:12px} img{width:330px;border:1px solid #ddd;align-self:flex-start} .text{flex:1}
.head{font-weight:bold;color:#555;border-bottom:1px solid #ddd;margin-bottom:6px}
p{margin:0 0 4px;overflow-wrap:anywhere} .t{background:#fbd9d5} .a{background:#d3eed3}"""
PIECE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]|\n|[^\S\n]+|[^\s\u3000-\u9fff\uff00-\uffef]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("ids", nargs="+")
    parser.add_argument("--characters", type=int, default=1200)
    arguments = parser.parse_args()
    lines = map(json.loads, arguments.answers.read_text(encoding="utf-8").splitlines())
    answers = {line["id"]: line for line in lines}
    files = [str(p) for p in sorted(arguments.dataset.glob("*/data/*.parquet"))]
    table = ds.dataset(files).to_table(
        columns=["id", "image"], filter=ds.field("id").isin(arguments.ids)
    )
    pictures = {row["id"]: row["image"]["bytes"] for row in table.to_pylist()}
    rows = (
        row(pictures[i], answers[i]["truth"], answers[i]["answer"], arguments.characters)
        for i in arguments.ids
    )
    body = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(rows)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        page = browser.new_page(viewport={"width": 1200, "height": 400})
        page.set_content(body)
        page.screenshot(path=str(arguments.out), full_page=True)


def row(picture: bytes, truth: str, answer: str, characters: int) -> str:
    """A picture and both texts, of which only the start is shown if they are longer."""
    data = base64.b64encode(picture).decode()
    true, said = PIECE.findall(truth.strip()), PIECE.findall(answer.strip())
    matcher = difflib.SequenceMatcher(None, true, said, autojunk=False)
    sides: tuple[list[str], list[str]] = ([], [])
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        for side, pieces, name in ((0, true[a0:a1], "t"), (1, said[b0:b1], "a")):
            text = html.escape("".join(pieces))
            sides[side].append(text if tag == "equal" else mark(text, name))
    columns = "".join(
        f"<div class=text><div class=head>{head}</div>{shown(parts, characters)}</div>"
        for head, parts in zip(("truth", "answer"), sides, strict=True)
    )
    return f"<div class=row><img src='data:image/webp;base64,{data}'>{columns}</div>"


def mark(text: str, name: str) -> str:
    return "\n".join(
        f"<span class={name}>{part}</span>" if part else "" for part in text.split("\n")
    )


def shown(parts: list[str], characters: int) -> str:
    """Paragraphs of about so many characters."""
    text, left = "", characters
    for part in parts:
        if left <= 0:
            text += " …"
            break
        text += part if len(part) < left + 300 else part[:left]
        left -= len(re.sub("<[^>]*>", "", part))
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


if __name__ == "__main__":
    main()
