"""Every form: for which content there is one, and the function that writes it.

A form is a function from the value of a content (a `Chart`, a `Table`, a formula, a `Page`) to
text. Its module is imported when a row is written in it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from vary_data.base.errors import ToolMissing, UsageError, nearest

Content = Literal["chart", "table", "formula", "page"]

READERS: Mapping[Content, str] = {
    "chart": "vary_data.targets.charts.chart:chart_of",
    "table": "vary_data.targets.tables.row_table:table_of",
    "formula": "vary_data.targets.formulas.mathml:formula_of",
    "page": "vary_data.targets.pages.page:page_of",
}
"""The function that reads each content from a row."""

CHARTS, TABLES = "vary_data.targets.charts", "vary_data.targets.tables"
FORMULAS, PAGES = "vary_data.targets.formulas", "vary_data.targets.pages"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of text; `writers` has its function by content."""

    name: str
    summary: str
    writers: Mapping[Content, str] = field(default_factory=dict)
    scoring: str = "edit_distance"
    """The metrics of answers in this form: a name in docs/evaluation.md."""
    boxes: bool = False
    """Whether the text has places on the picture, so that it is of this picture only."""


_FORMS = (
    Form("dict", "the Python dict of a chart", {"chart": f"{CHARTS}.as_data:as_dict"}, "chart"),
    Form(
        "html",
        "tables with `thead`, spans and texts; pages with an element for each block",
        {
            "chart": f"{CHARTS}.as_data:as_html",
            "table": f"{TABLES}.html:html",
            "page": f"{PAGES}.html:html",
        },
        "table",
    ),
    Form("html-structure", "tables without texts", {"table": f"{TABLES}.html:html_structure"}),
    Form(
        "otsl",
        "tables in the tokens of docling",
        {"chart": f"{CHARTS}.as_data:as_otsl", "table": f"{TABLES}.otsl:otsl"},
    ),
    Form(
        "markdown",
        "pages and pipe tables of GitHub; tables with spans as HTML",
        {
            "chart": f"{CHARTS}.as_data:as_markdown",
            "table": f"{TABLES}.markdown:markdown",
            "page": f"{PAGES}.text:markdown",
        },
        "table",
    ),
    Form(
        "csv",
        "comma-separated values",
        {"chart": f"{CHARTS}.as_data:as_csv", "table": f"{TABLES}.csv_text:csv_text"},
    ),
    Form(
        "json",
        "the dict of a chart, or the cells of a table",
        {"chart": f"{CHARTS}.as_data:as_json", "table": f"{TABLES}.json_text:json_text"},
    ),
    Form(
        "latex",
        "`tabular` of tables, displayed formulas",
        {
            "chart": f"{CHARTS}.as_data:as_latex",
            "table": f"{TABLES}.latex:latex",
            "formula": f"{FORMULAS}.mathml:latex",
        },
        "table",
    ),
    Form("triples", "row, column and value", {"chart": f"{CHARTS}.data_table:triples"}),
    Form(
        "caption", "two or three sentences", {"chart": f"{CHARTS}.caption:caption"}, "description"
    ),
    Form("matplotlib", "a script", {"chart": f"{CHARTS}.matplotlib_code:matplotlib_code"}),
    Form("pyecharts", "a script", {"chart": f"{CHARTS}.pyecharts_code:pyecharts_code"}),
    Form("mermaid", "flows, trees and pies", {"chart": f"{CHARTS}.mermaid:mermaid"}),
    Form("mathml", "formulas", {"formula": f"{FORMULAS}.mathml:mathml"}),
    Form("plain", "the text without markup", {"page": f"{PAGES}.text:plain"}, "page"),
    Form("mmd", "Mathpix Markdown of LaTeX pages", {"page": f"{PAGES}.text:mmd"}, "markdown"),
    Form(
        "doctags", "docling's markup, with boxes", {"page": f"{PAGES}.doctags:doctags"}, boxes=True
    ),
    Form("dots", "the layout JSON of dots.ocr", {"page": f"{PAGES}.layout:dots"}, boxes=True),
    Form("qwen", "Qwen2.5-VL's boxes, in pixels", {"page": f"{PAGES}.layout:qwen"}, boxes=True),
    Form(
        "qwen-1000",
        "Qwen3-VL's boxes, 0 to 1000",
        {"page": f"{PAGES}.layout:qwen_1000"},
        boxes=True,
    ),
    Form(
        "deepseek",
        "DeepSeek-OCR's grounded Markdown",
        {"page": f"{PAGES}.layout:deepseek"},
        boxes=True,
    ),
    Form(
        "omnidocbench",
        "the annotation JSON of OmniDocBench",
        {"page": f"{PAGES}.omnidocbench:omnidocbench"},
        boxes=True,
    ),
)

FORMS: Mapping[str, Form] = {form.name: form for form in _FORMS}
DELIMITERS = ("\\[", "\\(", "$$")
"""What LaTeX of a formula begins with. On PDF pages, formulas are printed text without any."""
QUESTIONS = "questions"
"""The form whose text answers a question; it has no writer (`target.py`)."""
NAMES = (*FORMS, QUESTIONS)


PACKAGES = {"mathml": "latex2mathml"}
"""What a form needs besides this package; the extra `targets` has all of it."""


def check_form(name: str) -> str:
    """The name of a form that can be written.

    Raises:
        UsageError: there is no such form.
        ToolMissing: it needs a package that is not installed.
    """
    if name not in NAMES:
        raise UsageError(f"there is no form {name!r}", nearest(name, NAMES))
    package = PACKAGES.get(name)
    if package is not None and importlib.util.find_spec(package) is None:
        raise ToolMissing(f"the form {name} needs {package}", "pip install 'vary-data[targets]'")
    return name


def load(path: str) -> Callable[..., Any]:
    """The function at `module:name`."""
    module, _, name = path.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def content_of(row: Mapping[str, Any]) -> Content | None:
    """What the row of a dataset shows, by its kind, format and text; None if there is no form."""
    from vary_data.targets.charts.chart import meta_of

    if row["format"] == "dict":
        return "chart"
    if row["kind"] == "table":
        return "table"
    if row["kind"] == "formula":
        return "formula"
    if row["kind"] == "crop":
        role = meta_of(row).get("role")
        if role == "table":
            return "table"
        if role == "formula" and (row["text"] or "").lstrip().startswith(DELIMITERS):
            return "formula"
    if row["format"] in ("plain", "markdown", "mmd"):
        return "page"
    return None
