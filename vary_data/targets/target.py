"""The target of a row in a form: a prompt, the text, and what the columns say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vary_data.base.seed import stable_hash
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKind
from vary_data.targets.prompts import PROMPTS
from vary_data.targets.registry import (
    FORMS,
    QUESTIONS,
    READERS,
    Content,
    content_of,
    load,
)

META_KEY = "target"
"""The key of `meta` under which a row with another target has its form and its own truth."""
ROW_COLUMNS = ("text", "kind", "format", "lang", "regions", "meta", "width", "height", "image")
"""The columns of a row from which targets are made, next to `id`."""
TRUTH = ("text", "kind", "format")


@dataclass(frozen=True, slots=True)
class Target:
    """A question or prompt and its answer; `part` tells several targets of a row apart."""

    prompt: str
    text: str
    form: str
    content: Content
    meta: Mapping[str, Any] = field(default_factory=dict)
    part: int = 0

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
    source = original(row)
    content = content_of(source)
    key = stable_hash("target", seed, row["id"], form, bits=128)
    rng = np.random.Generator(np.random.Philox(key=key))
    if content is None:
        raise Rejected("no-such-form", f"rows of kind {source['kind']} have no forms")
    if form == QUESTIONS:
        return _questions(source, content, rng, count)
    writer = FORMS[form].writers.get(content)
    if writer is None:
        raise Rejected("no-such-form", f"a {content} has no form {form}")
    value = load(READERS[content])(source)
    text = load(writer)(value)
    if not text.strip():
        raise Rejected("empty", "the text is empty")
    pool = prompts or PROMPTS[form][source["lang"]]
    return [Target(pool[int(rng.integers(len(pool)))], text, form, content)]


def original(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with its own truth, where it has another target."""
    from vary_data.targets.charts.chart import meta_of

    entry = meta_of(row).get(META_KEY) if META_KEY in (row.get("meta") or "") else None
    truth = entry.get("of") if isinstance(entry, dict) else None
    if isinstance(truth, dict) and all(isinstance(truth.get(name), str) for name in TRUTH):
        return {**row, **{name: truth[name] for name in TRUTH}}
    return row


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
    reading_order = content != "chart"
    name = kind_name(content, form)
    if form == QUESTIONS:
        return RowKind(
            name,
            f"questions about {content}s",
            "Questions follow templates.",
            scoring="short_answer",
            reading_order=reading_order,
        )
    scoring = FORMS[form].scoring
    if (content, form) == ("formula", "latex"):
        scoring = "formula"
    return RowKind(
        name, f"{content}s as {form}", "", scoring=scoring, reading_order=reading_order
    )


def row_kinds(form: str) -> list[RowKind]:
    """The kinds of all targets in a form."""
    contents = FORMS[form].writers if form != QUESTIONS else QUESTION_CONTENTS
    kinds = [row_kind(content, form) for content in contents]
    return [kind for kind in kinds if kind.name not in BUILT_IN_KINDS]


QUESTION_CONTENTS: tuple[Content, ...] = ("chart", "table")


def _questions(
    row: Mapping[str, Any], content: Content, rng: np.random.Generator, count: int
) -> list[Target]:
    if content == "chart":
        from vary_data.targets.questions.charts import chart_questions

        found = chart_questions(row, rng, count)
    elif content == "table":
        from vary_data.targets.questions.tables import table_questions

        found = table_questions(load(READERS["table"])(row), row["lang"], rng, count)
    else:
        raise Rejected("no-such-form", f"no questions about a {content}")
    if not found:
        raise Rejected("no-question", "no question has a certain answer")
    return [
        Target(q.question, q.answer, QUESTIONS, content, q.facts(), part)
        for part, q in enumerate(found)
    ]
