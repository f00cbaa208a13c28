"""Checks of a row's text: it parses by its format, and its strings are on the picture.

Only regions are needed here; the module `picture` compares regions with pixels.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from renderers.charts.truth import ABSENT
from renderers.roles import LINE
from vary_data.base.literals import literal
from vary_data.dataset.local_numbers import ascii_numbers, ascii_truth, has_other_numbers
from vary_data.quality.validate.annotations import check_annotations
from vary_data.quality.validate.charts import can_be_value_label, printed
from vary_data.quality.validate.markdown import check_markdown, check_page_markdown
from vary_data.quality.validate.marks import check_marks
from vary_data.quality.validate.picture import RowProblem
from vary_data.quality.validate.regions import written
from vary_data.quality.validate.targets import check_target
from vary_data.targets.charts.panels import PANELS, panels_of
from vary_data.targets.target import META_KEY, original

REQUIRED = ("title", "source", "x_title", "y_title", "values")
OPTIONAL = ("y2_title", "table", "annotations")
WIDE = r"[⺀-鿿豈-﫿＀-￯\U00020000-\U0003ffff]"
SPACES = re.compile(r"\s+")
AROUND_WIDE = re.compile(rf"(?<={WIDE}) | (?={WIDE})")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
UNKNOWN = "\ufffd"
MAX_UNKNOWN = 0.006
"""Share of the characters of a page of a document that may be U+FFFD, because its font does not
name them; slightly more than `unmapped` of the pages' filters, which also count what is hidden."""

Regions = Sequence[Mapping[str, Any]]

TextChecker = Callable[[str], Iterable[str]]
"""Gives the problems of a text of one format, one line each."""


def check_truth(row: Mapping[str, Any], meta: Mapping[str, Any]) -> Iterator[RowProblem]:
    """The problems of the text of a row, by its format.

    Of a row with another target, the truth that it was written from is checked as well.
    """
    yield from check_target(row, meta)
    if (source := original(row)) is not row:
        yield from check_truth(source, {k: v for k, v in meta.items() if k != META_KEY})
        return
    text = row["text"] or ""
    if bad := UNPRINTABLE.search(text):
        yield "truth", f"the text contains the character U+{ord(bad[0]):04X}"
    if UNKNOWN in text and not _may_be_unknown(row, text):
        yield "truth", "the text contains the character U+FFFD"
    regions = written(row["regions"])
    match row["format"]:
        case "dict":
            yield from _check_dict(text, row["regions"], meta, str(row["lang"] or "en"))
        case "mmd":
            yield from (("truth", problem) for problem in _mmd_checker()(text))
            if row["regions"]:
                yield from check_markdown(text, row["regions"])
        case "markdown" if row["regions"]:
            yield from check_page_markdown(text, row["regions"])
        case "plain" if regions:
            yield from _check_plain(text, regions)
    answers = sum(message["role"] == "assistant" for message in row["messages"])
    if not text.strip() and answers == 1:
        yield "truth", "the text is empty"


def _may_be_unknown(row: Mapping[str, Any], text: str) -> bool:
    """Whether unknown characters are few, on a page of a document that was not drawn here."""
    if row["kind"] != "page" or row["format"] not in ("plain", "markdown"):
        return False
    return text.count(UNKNOWN) <= MAX_UNKNOWN * len("".join(text.split()))


def fold(text: str) -> str:
    """A text for comparison, without the spaces that line breaks add."""
    return AROUND_WIDE.sub("", SPACES.sub(" ", text.strip()))


def count_in(needle: str, texts: Counter[str]) -> int:
    """How often a folded string occurs in folded texts, as a complete text or a complete part.

    A part is complete if no number or Latin word continues at its ends: `5` is not in `15`,
    `0.5` or `-5`, but it is in `Asia: 5 (20%)`.
    """
    holders = [(text, n) for text, n in texts.items() if needle in text and text != needle]
    if not holders:
        return texts[needle]
    pattern = _whole(needle)
    return texts[needle] + sum(n * len(pattern.findall(text)) for text, n in holders)


def _whole(needle: str) -> re.Pattern[str]:
    before = after = ""
    if needle[:1].isdigit():
        before = r"(?<![0-9A-Za-z$€£¥])(?<![0-9][.,])(?<!^[-−+])(?<![\s(:][-−+])"
    elif needle[:1].isascii() and needle[:1].isalpha():
        before = r"(?<![0-9A-Za-z])"
    if needle[-1:].isdigit():
        after = r"(?![0-9A-Za-z%一-鿿])(?![.,][0-9])"
    elif needle[-1:].isascii() and needle[-1:].isalpha():
        after = r"(?![0-9A-Za-z])"
    return re.compile(before + re.escape(needle) + after)


def _check_dict(
    text: str, regions: Regions, meta: Mapping[str, Any], lang: str
) -> Iterator[RowProblem]:
    try:
        truth = literal(text)
    except ValueError as error:
        yield "truth", f"the text is not a Python literal: {str(error)[:100]}"
        return
    if not isinstance(truth, dict):
        yield "truth", f"the text is a {type(truth).__name__}, not a dict"
        return
    if has_other_numbers(lang):
        # Numbers are compared in English marks, in which no space parts their digits.
        truth, meta = ascii_truth(truth, lang), ascii_truth(meta, lang)
        regions = [{**region, "text": ascii_numbers(region["text"], lang)} for region in regions]
    if PANELS in truth:
        yield from _check_figure(truth, regions, meta)
        return
    missing = [key for key in REQUIRED if key not in truth]
    extra = [key for key in truth if key not in REQUIRED + OPTIONAL]
    if missing or extra:
        parts = [f"lacks {key!r}" for key in missing] + [f"has the key {key!r}" for key in extra]
        yield "truth", f"the dict {', '.join(parts)}"
        return
    if (wrong := next(_not_texts(truth), None)) is not None:
        yield "truth", f"the dict contains {wrong}, which is not a string"
        return
    if not isinstance(truth["values"], dict) or not truth["values"]:
        yield "truth", "the dict has no values"
        return
    yield from _check_printed(truth, written(regions), meta)
    yield from check_marks(truth, regions, meta)
    yield from check_annotations(truth, regions, meta)


def _check_figure(truth: Any, regions: Regions, meta: Mapping[str, Any]) -> Iterator[RowProblem]:
    """Check the common texts of a figure, and each panel as a chart of its own."""
    if set(truth) != {"title", "source", PANELS} or not isinstance(truth[PANELS], dict):
        yield "truth", "the dict of a figure has other keys than title, source and panels"
        return
    texts = Counter(fold(region["text"]) for region in written(regions))
    for name in (truth["title"], truth["source"], *truth[PANELS]):
        if name != ABSENT and not count_in(fold(str(name)), texts):
            yield "missing-string", f"{name!r} of the truth is not on the picture"
    found = {panel.name: panel for panel in panels_of(truth, regions, meta)}
    for name, chart in truth[PANELS].items():
        if name not in found:
            yield "region", f"the panel {name!r} has no region"
            continue
        panel = found[name]
        for reason, problem in _check_dict(repr(chart), panel.regions, panel.meta, "en"):
            yield reason, f"panel {name!r}: {problem}"


def _check_printed(truth: Any, regions: Regions, meta: Mapping[str, Any]) -> Iterator[RowProblem]:
    texts = Counter(fold(region["text"]) for region in regions)
    labels = Counter(fold(r["text"]) for r in regions if can_be_value_label(r["role"]))
    wanted = printed(truth, meta, texts)
    for name in sorted(wanted.names):
        if fold(name) and not count_in(fold(name), texts):
            yield "missing-string", f"{name!r} of the truth is not on the picture"
    for value, times in wanted.values.items():
        found = count_in(fold(value), labels)
        if found < times:
            what = f"the value {value!r} is {found} times next to marks, {times} in the truth"
            yield "missing-string", what


def _not_texts(value: Any) -> Iterator[str]:
    """The keys and values in a nested dict that are neither dict nor string, as Python's text."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                yield repr(key)
            yield from _not_texts(item)
    elif not isinstance(value, str):
        yield repr(value)


def _check_plain(text: str, regions: Regions) -> Iterator[RowProblem]:
    """Check that every word of the text is on the picture, ignoring hyphens of line breaks."""
    # The lines alone have the words of a paragraph that goes on in another column.
    shown = [region["text"] for region in regions]
    shown += ["\n", *(region["text"] for region in regions if region["role"] == LINE)]
    drawn = "".join("".join(shown).split())
    joined = re.sub(r"[-‐\u00ad]", "", drawn)
    for word in dict.fromkeys(text.split()):
        if word not in drawn and re.sub(r"[-‐\u00ad]", "", word) not in joined:
            yield "missing-string", f"{word!r} of the truth is not on the picture"


@cache
def _mmd_checker() -> TextChecker:
    """The renderer's checker of Mathpix Markdown, if it is installed."""
    if importlib.util.find_spec("renderers.latex.check") is None:
        return lambda text: ()
    module = importlib.import_module("renderers.latex.check")
    checker: TextChecker = module.problems
    return checker
