"""Measure how much of a dataset's Mathpix Markdown the format's renderer accepts.

    npm install mathpix-markdown-it jsdom katex
    python benchmarks/latex_markdown.py OUT [--modules node_modules] [--limit N]

Reads the truths of format `mmd` in the dataset OUT, renders each to HTML in one Node process, and
counts those with an error of MathJax, a formula that was left as text, markers of emphasis that
did not become bold or italic, a formula that KaTeX rejects, or an exception. Also counts how many
the project's checker rejects. Emoji are not compared: mathpix-markdown-it shows `:smile:` and
`1:100:2` as emoji, and no escape prevents it, only its option `isDisableEmoji`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from renderers.latex.check import problems
from vary_data.dataset.reader import Dataset

PROGRAM = r"""
const {JSDOM} = require("jsdom");
const dom = new JSDOM();
global.window = dom.window;
global.document = dom.window.document;
global.DOMParser = dom.window.DOMParser;
const say = console.log;
let heard = [];
for (const level of ["log", "info", "warn", "error"])  // the only place where it reports errors
  console[level] = (...parts) => heard.push(parts.map(
    (part) => typeof part === "string" ? part : JSON.stringify(part)).join(" "));
const {MathpixMarkdownModel: model} = require("mathpix-markdown-it");
const katex = require("katex");
const formula = /\\\(([^]*?)\\\)|\\\[([^]*?)\\\]|\\begin\{(align|gather)\*\}[^]*?\\end\{\3\*\}/g;
const code = /^(`{3,})[^]*?^\1`*$|(`+)[^`][^]*?\2/gm;
const rejected = (page) => {
  for (const found of page.replace(code, "").matchAll(formula)) {
    const source = found[1] ?? found[2] ?? found[0];
    try {
      katex.renderToString(source, {displayMode: !found[1], strict: "ignore", throwOnError: true});
    } catch (error) { return error.message.slice(0, 90); }
  }
};
const emphasis = (page, html) => {  // every marker must have become an element
  const bare = page.replace(code, "").replace(formula, "x").replace(/\\\*/g, "")
    .replace(/\\begin\{tabular\}[^]*?\\end\{tabular\}/g, "").replace(/^\* /gm, "");
  const runs = (bare.match(/\*+/g) ?? []).map((run) => run.length);
  const made = html.replace(/<table[^]*?<\/table>/g, "");
  for (const [tag, lengths] of [["strong", [2, 3]], ["em", [1, 3]]]) {
    const wanted = runs.filter((length) => lengths.includes(length)).length / 2;
    const found = (made.match(new RegExp(`<${tag}[ >]`, "g")) ?? []).length;
    if (wanted !== found) return `${wanted} texts in ${tag}, shown ${found}`;
  }
};
const lines = require("readline").createInterface({input: process.stdin});
lines.on("line", (line) => {
  let wrong = "";
  heard = [];
  try {
    const page = JSON.parse(line);
    const html = model.markdownToHTML(page, {htmlTags: false, width: 800})
      .replace(/<svg[\s\S]*?<\/svg>/g, "").replace(/<(pre|code)\b[\s\S]*?<\/\1>/g, "");
    const left = html.replace(/<[^>]*>/g, "")
      .match(/\\(begin|end|frac|multicolumn|hline|tag)\b[^]{0,30}/);
    wrong = heard[0] ?? rejected(page) ?? emphasis(page, html) ?? "";
    if (!wrong && left) wrong = "left as text: " + left[0];
  } catch (error) { wrong = "exception: " + error.message; }
  say(JSON.stringify(wrong));
});
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--modules", type=Path, default=Path("node_modules"))
    parser.add_argument("--limit", type=int, default=1000)
    options = parser.parse_args()
    node = shutil.which("node")
    missing = [
        name
        for name in ("mathpix-markdown-it", "jsdom", "katex")
        if not (options.modules / name / "package.json").is_file()
    ]
    if node is None:
        sys.exit("node was not found; install Node.js 18 or later")
    if missing:
        sys.exit(
            f"no {' and '.join(missing)} in {options.modules}: npm install {' '.join(missing)}"
        )
    truths = list(texts(options.out, options.limit))
    package = json.loads((options.modules / "mathpix-markdown-it/package.json").read_text("utf-8"))
    done = subprocess.run(
        [node, "-e", PROGRAM],
        input="".join(json.dumps(text) + "\n" for _, text in truths),
        env={"NODE_PATH": str(options.modules.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(truths):
        sys.exit(f"the renderer stopped after {len(answers)} texts: {done.stderr[-500:]}")
    wrong = [(i, answer) for (i, _), answer in zip(truths, answers, strict=True) if answer]
    own = sum(bool(list(problems(text))) for _, text in truths)
    print(f"mathpix-markdown-it {package['version']}: {len(truths) - len(wrong)} of {len(truths)}")
    print(f"the project's checker: {len(truths) - own} of {len(truths)}")
    for answer, number in Counter(answer[:100] for _, answer in wrong).most_common(20):
        print(f"  {number:5} {answer!r}, first in {next(i for i, a in wrong if a[:100] == answer)}")


def texts(out: Path, limit: int) -> Iterator[tuple[str, str]]:
    """Ids and truths, evenly from the whole dataset."""
    found = [
        (row["id"], row["text"])
        for configuration in Dataset.open(out).configs
        for row in configuration.rows(("id", "text", "format"))
        if row["format"] == "mmd"
    ]
    step = max(1, -(-len(found) // limit))
    yield from found[::step]


if __name__ == "__main__":
    main()
