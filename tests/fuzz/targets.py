"""The project's own parsers, each as a function of bytes that may raise only what it documents."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from renderers.figures.decode import decode
from renderers.latex.blocks import Text
from renderers.latex.check import problems
from renderers.rejected import Rejected
from tests.fuzz import of_answers, of_figures, of_files
from tests.fuzz.mutate import choices
from trainer.evaluation.metrics.markdown import split_markdown
from vary_data.api import expand
from vary_data.base.errors import VaryError
from vary_data.base.json_lines import json_items, json_lines, parse_json
from vary_data.dataset.keep_list import read_keep_list
from vary_data.dataset.reports import read_report
from vary_data.engine.recipe import parse_yaml
from vary_data.quality import html
from vary_data.quality.validate.regions import check_messages, check_regions
from vary_data.quality.validate.tree import CELL_FIELDS, check_tree
from vary_data.quality.validate.truth import check_truth
from vary_data.sources.arxiv import DocumentRejected, read_document
from vary_data.sources.arxiv.blocks.tables import read_table
from vary_data.sources.arxiv.formulas.normal_form import normalize_formula
from vary_data.sources.llm.client import reply_from
from vary_data.sources.llm.collect import parse
from vary_data.sources.records.content import content_of
from vary_data.sources.records.files import read_data
from vary_data.sources.records.models import RecordProblem
from vary_data.targets.pages.doctags import parse_doctags
from vary_data.targets.questions.program import ProgramError
from vary_data.targets.registry import FORMS
from vary_data.targets.tables.csv_text import csv_text, parse_csv
from vary_data.targets.tables.html import html as table_html
from vary_data.targets.tables.html import parse_html
from vary_data.targets.tables.json_text import json_text, parse_json_table
from vary_data.targets.tables.markdown import markdown as table_markdown
from vary_data.targets.tables.markdown import parse_markdown
from vary_data.targets.tables.otsl import otsl, parse_otsl
from vary_data.targets.target import answer_of, target_text, targets

Target = Callable[[bytes], None]


def latex(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main.tex"
        path.write_bytes(data)
        with contextlib.suppress(DocumentRejected):
            read_document(path)


def table(data: bytes) -> None:
    specification, _, body = data.decode(errors="replace").partition("\n")
    with contextlib.suppress(Rejected):
        read_table(specification, body, {}, lambda cell: (Text(cell),))


def formula(data: bytes) -> None:
    with contextlib.suppress(Rejected):
        normalize_formula(data.decode(errors="replace"), lambda text: (Text(text),))


def markdown(data: bytes) -> None:
    text = data.decode(errors="replace")
    list(problems(text))
    split_markdown(text).parsed_tables()


def chart_dict(data: bytes) -> None:
    text = data.decode(errors="replace")
    for lang in ("en", choices(data).choice(of_figures.LANGUAGES)):
        list(check_truth(_row(text, "dict") | {"lang": lang}, {"type": "bar"}))


def recipe(data: bytes) -> None:
    with contextlib.suppress(VaryError):
        expand(parse_yaml(data.decode(errors="replace"), "recipe.yaml"))


def jsonl(data: bytes) -> None:
    for line in json_lines(data.split(b"\n")):
        assert line.problem or line.value is not None or b"null" in data
    for read in (parse_json, lambda text: list(json_items(text))):
        with contextlib.suppress(ValueError):
            read(data)


def engine_files(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(data)
        read_report(path, {"vary.plan_id": "a"})
        with contextlib.suppress(VaryError):
            read_keep_list(path, None)


def reply(data: bytes) -> None:
    if (found := reply_from("key", data)) is not None:
        parse(found)


def regions(data: bytes) -> None:
    """Rows have the types of the schema; their numbers and texts are arbitrary."""
    rng = choices(data)
    numbers = (0.0, -1.0, 1e30, float("nan"), float("inf"), 31.5, 24.0)
    words = data.decode(errors="replace").split(" ")
    row = _row(words[0], rng.choice(("plain", "dict", "mmd", "")))
    row["regions"] = [
        {
            "bbox": [rng.choice(numbers) for _ in range(rng.choice((4, 4, 4, 0, 5)))],
            "text": word,
            "role": rng.choice(("line", "word", "mark", "cell", "table", "block", "")),
            "quad": rng.choice((None, [rng.choice((*numbers, None)) for _ in range(8)], [])),
            "header": rng.choice((None, True)),
            **{
                name: rng.choice((None, 0, 1, 2, -1, 2**31 - 1))
                for name in ("parent", "order", "level", "continues", *CELL_FIELDS[:4])
            },
        }
        for word in words
    ]
    if not list(check_regions(row)):
        list(check_tree(row["regions"]))
    list(check_messages(row))


def forms_of_tables(data: bytes) -> None:
    """What is read from a form is written in it again, and read to the same table."""
    text = data.decode(errors="replace")
    for read, write in (
        (parse_html, table_html), (parse_otsl, otsl), (parse_markdown, table_markdown),
        (parse_csv, csv_text), (parse_json_table, json_text),
    ):  # fmt: skip
        with contextlib.suppress(Rejected):
            found = read(text)
            if write is otsl and any(cell.header and not cell.text for cell in found.cells):
                continue  # an empty cell of OTSL is no header
            assert read(write(found)).texts() == found.texts()
    with contextlib.suppress(Rejected):
        parse_doctags(text)


def targets_of_charts(data: bytes) -> None:
    """Some forms of a chart with this dict, and this text as a program."""
    text = data.decode(errors="replace")
    row = _row(text, "dict") | {"meta": json.dumps({"type": ""}), "regions": []}
    rng = choices(data)
    for type_ in rng.sample(("", "bar", "grouped_bar", "scatter", "box", "sankey", "treemap"), 2):
        row["meta"] = json.dumps({"type": type_})
        for form in rng.sample(sorted(FORMS), 5):
            with contextlib.suppress(Rejected):
                target_text(row, form)
        with contextlib.suppress(Rejected):
            targets(row, "questions", count=3)
    with contextlib.suppress(Rejected, ProgramError):
        answer_of(row | {"text": "{'values': {'a': '1', 'b': '2'}}"}, text)


def targets_of_pages(data: bytes) -> None:
    """Every form of a page whose regions have arbitrary fields."""
    rng = choices(data)
    words = data.decode(errors="replace").split(" ")[:200]
    fields = ("parent", "level", "continues", *CELL_FIELDS)
    row = _row(" ".join(words), "mmd") | {"kind": rng.choice(("latex_page", "table")), "meta": "{}"}
    row["regions"] = [
        {
            "bbox": [
                float(i),
                float(i),
                i + 5.0,
                rng.choice((i + 5.0, float("nan"), 1e30)),
            ],
            "text": word,
            "role": rng.choice(("title", "paragraph", "list_item", "table", "cell", "formula", "")),
            "quad": None,
            "order": i,
            **{name: rng.choice((None, None, None, 0, 1, 2, -1)) for name in fields},
        }
        for i, word in enumerate(words)
    ]
    if rng.random() < 0.7:
        for region in row["regions"]:
            region["bbox"][3] = region["bbox"][1] + 5
            region["parent"] = region["continues"] = None
    for form in FORMS:
        with contextlib.suppress(Rejected):
            target_text(row, form)
    with contextlib.suppress(Rejected):
        targets(row, "questions", count=3)


def records(data: bytes) -> None:
    """The first line is the name of the file."""
    name, _, content = data.partition(b"\n")
    suffix = Path(name.decode(errors="replace").replace("\0", "")).suffix[:8]
    found = list(read_data(content, f"file{suffix}"))
    for source in found[:20]:
        assert len(source.reason) <= 40
        if not source.reason:
            with contextlib.suppress(RecordProblem):
                content_of(source.value, "en", np.random.default_rng(0))


def references(data: bytes) -> None:
    """A list of references that is ready (`.bbl`), or of entries (`.bib`)."""
    source = (
        "\\documentclass{article}\n\\begin{document}\nThe tide \\cite{a} was measured by others "
        "before \\cite{b}.\n\\bibliographystyle{plain}\n\\bibliography{main}\n\\end{document}"
    )
    suffix = "bib" if data.lstrip()[:1] in (b"@", b"%") else "bbl"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.tex").write_text(source)
        (Path(folder) / f"main.{suffix}").write_bytes(data)
        with contextlib.suppress(DocumentRejected):
            read_document(Path(folder))


def figure(data: bytes) -> None:
    """Only what Python itself does: decoders of pixels run in a process that may crash."""
    with contextlib.suppress(Rejected):
        decode(data, 100)


def html_escape(data: bytes) -> None:
    text = data.decode(errors="surrogateescape")
    page = html.document(
        text.encode("utf-8", "replace").decode(), f"<p>{html.escape(text)}</p>", "", "0", [text]
    )
    seen = _Elements()
    seen.feed(page)
    assert seen.scripts == 2, "a text must not start or end a script"
    assert seen.others == [], f"a text became {seen.others}"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag not in ("html", "meta", "title", "style", "script", "p"):
            self.others.append(tag)


def _row(text: str, form: str) -> dict[str, Any]:
    region = {"bbox": [0.0, 0.0, 9.0, 9.0], "text": text[:40], "role": "line"}
    messages = [
        {"role": "user", "content": [{"type": "image", "text": None}]},
        {"role": "assistant", "content": [{"type": "text", "text": text}]},
    ]
    facts = {"width": 32, "height": 24, "kind": "chart", "lang": "en", "id": "a"}
    return {**facts, "text": text, "format": form, "regions": [region], "messages": messages}


TARGETS: dict[str, Target] = {
    "latex": latex,
    "table": table,
    "formula": formula,
    "markdown": markdown,
    "chart-dict": chart_dict,
    "recipe": recipe,
    "jsonl": jsonl,
    "engine-files": engine_files,
    "reply": reply,
    "records": records,
    "references": references,
    "figure": figure,
    "regions": regions,
    "html": html_escape,
    "forms-of-tables": forms_of_tables,
    "targets-of-charts": targets_of_charts,
    "targets-of-pages": targets_of_pages,
    "figure-of-charts": of_figures.figure_of_charts,
    "answer": of_answers.answer,
    "reward": of_answers.reward,
    "files-of-answers": of_answers.files_of_answers,
    "degrade-profile": of_files.degrade_profile,
    "mixture": of_files.mixture,
    "corpus": of_files.corpus,
    "stored-dataset": of_files.stored_dataset,
    "settings": of_files.settings,
    "jpeg": of_files.jpeg,
    "browser-page": of_files.browser_page,
}
