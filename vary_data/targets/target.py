"""The target of a row in a form: a prompt, the text, and what the columns say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vary_data.base.seed import stable_hash
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKind
from vary_data.dataset.schema import LANGUAGES
from vary_data.targets.charts.chart_words import chart_words, word_languages
from vary_data.targets.charts.figure_text import figure_text
from vary_data.targets.charts.panels import panel_rows
from vary_data.targets.prompts import prompts_of
from vary_data.targets.questions.program import ProgramError, answer_text, evaluate
from vary_data.targets.registry import (
    FORMS,
    NAMES,
    QUESTIONS,
    READERS,
    Content,
    content_of,
    load,
)

META_KEY = "target"
"""The key of `meta` under which a row with another target has its form and its own truth."""
ROW_COLUMNS = ("id", "text", "kind", "format", "lang", "regions", "meta", "width", "height")
"""The columns of a row from which targets are made; questions also need `image`."""
TRUTH = ("text", "kind", "format")
QUESTIONS_LIMITATION = (
    "Questions follow templates; a language model rephrased those whose `meta.target` has "
    "`rephrased_by`."
)


@dataclass(frozen=True, slots=True)
class Target:
    """A question or prompt and its answer; `part` tells several targets of a row apart.

    `names` are the texts that were put into the template of a question, by their field.
    """

    prompt: str
    text: str
    form: str
    content: Content
    meta: Mapping[str, Any] = field(default_factory=dict)
    part: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The column `kind` of a row with this target."""
        return kind_name(self.content, self.form)


def targets(
    row: Mapping[str, Any],
    form: str,
    seed: int = 0,
    prompts: Sequence[str] = (),
    count: int = 1,
) -> list[Target]:
    """The targets of a row in a form; the same ones for the same row and seed.

    `prompts` are used instead of the form's own; of questions, there are up to `count`.

    Raises:
        Rejected: `no-such-form` if the row has no such text, or why it could not be written.
        ToolMissing: the form needs a package that is not installed.
    """
    for name in row_columns(form):
        if name not in row:
            raise Rejected("no-column", f"the row has no column {name!r}")
    if row["lang"] not in languages():
        raise Rejected("no-such-form", f"there are no prompts in {row['lang']!r}")
    source = original(row)
    key = stable_hash("target", seed, row["id"], form, bits=128)
    rng = np.random.Generator(np.random.Philox(key=key))
    if form == QUESTIONS:
        asked_in = word_languages() if content_of(source) == "chart" else LANGUAGES
        if source["lang"] not in asked_in:
            raise Rejected("no-such-form", f"there are no questions in {source['lang']!r}")
        return _questions(source, rng, count)
    content, text = target_text(source, form)
    pool = prompts or prompts_of(form, source["lang"])
    return [Target(pool[int(rng.integers(len(pool)))], text, form, content)]


def has_form(row: Mapping[str, Any], form: str) -> bool:
    """Whether there is a writer for what a row shows; `text`, `kind`, `format`, `meta` are read."""
    content = content_of(original(row))
    if form == QUESTIONS:
        return content in QUESTION_CONTENTS
    return content in FORMS[form].writers


def target_text(row: Mapping[str, Any], form: str) -> tuple[Content, str]:
    """The content of a row with its own truth, and its text in a form.

    Raises:
        Rejected: as `targets`.
        ToolMissing: as `targets`.
    """
    content = _content(row)
    writer = FORMS[form].writers.get(content)
    if writer is None:
        raise Rejected("no-such-form", f"a {content} has no form {form}")
    read = load(READERS[content])
    if content == "chart" and (panels := panel_rows(row)):
        text: str = figure_text(row, [(name, read(part)) for name, part in panels], form)
    else:
        text = load(writer)(read(row))
    if not text.strip():
        raise Rejected("empty", "the text is empty")
    return content, text


def answer_of(row: Mapping[str, Any], program: str) -> str:
    """The answer of a program about a row.

    Raises:
        Rejected: the row has no content with questions.
        ProgramError: the program cannot be computed.
    """
    source = original(row)
    functions = question_functions(source, _content(source))
    return answer_text(evaluate(program, functions), source["lang"])


def question_functions(
    row: Mapping[str, Any], content: Content
) -> Mapping[str, Callable[..., Any]]:
    """The functions of programs about a row."""
    if content == "chart":
        from vary_data.targets.questions.chart_facts import ChartFacts

        return ChartFacts.of(row).functions
    if content == "table":
        from vary_data.targets.questions.table_facts import TableFacts

        return TableFacts(load(READERS["table"])(row)).functions
    if content == "page":
        from vary_data.targets.questions.layout_facts import LayoutFacts

        return LayoutFacts(load(READERS["page"])(row)).functions
    raise Rejected("no-such-form", f"no questions about a {content}")


def _content(row: Mapping[str, Any]) -> Content:
    content = content_of(row)
    if content is None:
        raise Rejected("no-such-form", f"rows of kind {row['kind']} have no forms")
    return content


def row_columns(form: str) -> tuple[str, ...]:
    """The columns of a row that the form needs."""
    return (*ROW_COLUMNS, "image") if form == QUESTIONS else ROW_COLUMNS


def original(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with its own truth, where it has another target."""
    from vary_data.targets.charts.chart import meta_of

    if META_KEY not in (row.get("meta") or ""):
        return row
    meta = meta_of(row)
    entry = meta.pop(META_KEY, None)
    truth = entry.get("of") if isinstance(entry, dict) else None
    if isinstance(truth, dict) and all(isinstance(truth.get(name), str) for name in TRUTH):
        return {**row, **{name: truth[name] for name in TRUTH}, "meta": json.dumps(meta)}
    return row


def rephrased(target: Target, wording: str, model: str) -> Target:
    """A question in the wording of a language model; `meta` keeps that of the template."""
    meta = {**target.meta, "template": target.prompt, "rephrased_by": model}
    return replace(target, prompt=wording, meta=meta)


def written_anew(row: Mapping[str, Any]) -> str:
    """The text of a row with another target, from its own truth, regions and picture.

    Raises:
        Rejected: `target` if meta does not say what the text was made from; else as `targets`, or
            if the question has no answer.
        ToolMissing: as `targets`.
    """
    from vary_data.targets.charts.chart import meta_of

    source, entry = original(row), meta_of(row).get(META_KEY)
    entry = entry if isinstance(entry, dict) else {}
    form = entry.get("form")
    if source is row or form not in NAMES:
        raise Rejected("target", "meta does not say what the text was made from")
    if form != QUESTIONS:
        return target_text(source, form)[1]
    try:
        if panel := entry.get("panel"):
            source = dict(panel_rows(source)).get(str(panel), source)
        return answer_of(source, str(entry.get("program", "")))
    except ProgramError as error:
        raise Rejected("target", str(error)) from error


def target_meta(row: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """What `meta` has of a target: the form, and the truth that it was written from."""
    source = original(row)
    return {
        "form": target.form,
        **target.meta,
        "of": {name: source[name] for name in TRUTH},
    }


def kind_name(content: Content, form: str) -> str:
    """The row kind of the targets of a content in a form, e.g. `chart_html`."""
    return f"{content}_{form}".replace("-", "_")


def row_kind(content: Content, form: str) -> RowKind:
    """The description of this kind."""
    if form == QUESTIONS:
        label, limitation = f"questions about {content}s", QUESTIONS_LIMITATION
        scoring = "short_answer"
    else:
        label, limitation = f"{content}s as {form}", ""
        scoring = "formula" if (content, form) == ("formula", "latex") else FORMS[form].scoring
    return RowKind(
        kind_name(content, form),
        label,
        limitation,
        scoring=scoring,
        reading_order=content != "chart",
        original=content == "chart",
    )


def row_kinds(form: str) -> list[RowKind]:
    """The kinds of all targets in a form."""
    contents = FORMS[form].writers if form != QUESTIONS else QUESTION_CONTENTS
    kinds = [row_kind(content, form) for content in contents]
    return [kind for kind in kinds if kind.name not in BUILT_IN_KINDS]


QUESTION_CONTENTS: tuple[Content, ...] = ("chart", "table", "page")
OF_THE_PICTURE = frozenset(
    [
        kind_name(content, form.name)
        for form in FORMS.values()
        if form.boxes
        for content in form.writers
    ]
    + [kind_name(content, QUESTIONS) for content in QUESTION_CONTENTS]
)
"""Row kinds whose texts have places on the picture or colors: they do not fit a changed picture."""


def in_panel(question: str, panel: str, lang: str) -> str:
    """The question with the name of the panel that it is about, if any."""
    if not panel:
        return question
    return chart_words(lang).panel.format(panel=panel, question=question)


def _questions(row: Mapping[str, Any], rng: np.random.Generator, count: int) -> list[Target]:
    content, panel = _content(row), ""
    if content == "chart" and (panels := panel_rows(row)):
        panel, row = panels[int(rng.integers(len(panels)))]
    if content == "chart":
        from vary_data.targets.questions.charts import chart_questions

        found = chart_questions(row, rng, count)
    elif content == "table":
        from vary_data.targets.questions.tables import table_questions

        found = table_questions(load(READERS["table"])(row), row["lang"], rng, count)
    elif content == "page":
        from vary_data.targets.questions.layout import layout_questions

        found = layout_questions(load(READERS["page"])(row), rng, count)
    else:
        raise Rejected("no-such-form", f"no questions about a {content}")
    if not found:
        raise Rejected("no-question", "no question has a certain answer")
    return [
        Target(
            in_panel(q.question, panel, row["lang"]),
            q.answer,
            QUESTIONS,
            content,
            {**q.facts(), **({"panel": panel} if panel else {})},
            part,
            q.names,
        )
        for part, q in enumerate(found)
    ]
