"""The rows of a test set as questions with their accepted answers, without pictures.

Importing this module does not load torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from trainer.data.catalog import TrainingSource, has_split, open_catalog
from trainer.data.rows import RowReader
from trainer.errors import DataError, nearest
from trainer.evaluation.tasks import TASKS
from vary_data.base.storage import parquet_metadata
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.row_kinds import EDIT_DISTANCE, RowKinds
from vary_data.targets.read import group_kinds

COLUMNS = ("id", "text", "messages", "kind", "lang", "doc_id", "meta")
SPLITS = ("test", "validation", "train")


@dataclass(frozen=True, slots=True)
class Example:
    """One row. `subset` is its configuration; ChartQA's `human` and `augmented` are separate.

    `scoring` is a key of `TASKS`. `accepted` are all right answers, `truth` is the one that is
    shown. `steps` are what values of a chart were rounded to that are read off an axis, as
    printed, by their path in the dict. `key` is a hash of question and truth, which differs if
    another dataset uses the same id.
    """

    id: str
    kind: str
    scoring: str
    lang: str
    subset: str
    document: str
    question: str
    truth: str
    accepted: tuple[str, ...]
    steps: Mapping[tuple[str, ...], str]
    group: RowGroup
    row: int

    @property
    def key(self) -> str:
        content = json.dumps([self.id, self.question, self.truth], ensure_ascii=False)
        return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]


def open_examples(
    sources: Sequence[str], split: str | None = None, tasks: Sequence[str] = ()
) -> list[Example]:
    """The rows of a test set in order, of one split; by default the first of `SPLITS` in the data.

    `tasks` are names of kinds or configurations; none means all.

    Raises:
        DataError: a source is a mixture, a name is not known, or two questions have one id.
        SourceError: a source cannot be read.
    """
    for source in sources:
        if source.endswith((".yaml", ".yml")):
            raise DataError(f"{source} is not a test set", "give a dataset folder or a hub id")
    if split is None:
        split = next((name for name in SPLITS if has_split(sources, name)), SPLITS[0])
    catalog = open_catalog(sources, split)
    examples = list(examples_of(catalog))
    known = {c.name for c in catalog} | {example.kind for example in examples}
    for name in tasks:
        if name not in known:
            raise DataError(f"the test set has no task {name!r}", nearest(name, known))
    chosen = [e for e in examples if not tasks or {e.kind, e.subset.split("/")[0]} & set(tasks)]
    _check_ids(chosen)
    return _with_negatives(chosen)


def examples_of(catalog: Iterable[TrainingSource]) -> Iterator[Example]:
    """The rows of configurations, in order.

    Raises:
        DataError: a row has no id or kind, or a file cannot be read.
    """
    for source in catalog:
        for group in source.groups:
            kinds = group_kinds(group)
            for number, row in _rows(group):
                yield _example(source.name, group, number, row, kinds)


def _rows(group: RowGroup) -> list[tuple[int, dict[str, Any]]]:
    """The rows with their numbers; those without a target in the group's form are left out."""
    rows = []
    try:
        stored = parquet_metadata(group.file).schema.to_arrow_schema().names
        reader = RowReader([name for name in COLUMNS if name in stored], cache_bytes=0)
        for number in range(group.rows):
            with suppress(Rejected):
                rows.append((number, reader.row(group, number)))
        return rows
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{group.file} cannot be read as Parquet ({reason})") from error


def _example(
    configuration: str, group: RowGroup, number: int, row: dict[str, Any], kinds: RowKinds
) -> Example:
    where = f"row {number} of group {group.index} of {group.file}"
    name, kind = row["id"], row["kind"]
    if not name:
        raise DataError(f"{where} has no id")
    if not kind:
        raise DataError(f"{where} has no kind")
    scoring = kinds.get(kind).scoring if kinds.get(kind).scoring in TASKS else EDIT_DISTANCE
    meta = _meta(row.get("meta"), where)
    question, answer = _first_exchange(row["messages"] or ())
    truth = row["text"] or answer
    has_answers = scoring == "short_answer"
    accepted = tuple(str(a) for a in meta.get("answers") or ()) if has_answers else ()
    part = meta.get("part") if has_answers else None
    return Example(
        id=name,
        kind=kind,
        scoring=scoring,
        lang=row.get("lang") or "en",
        subset=f"{configuration}/{part}" if part else configuration,
        document=row.get("doc_id") or name,
        question=question,
        truth=truth,
        accepted=accepted or (truth,),
        steps=_steps(meta),
        group=group,
        row=number,
    )


def _steps(meta: Mapping[str, Any]) -> Mapping[tuple[str, ...], str]:
    """Rows of other makers have anything in their meta."""
    values = meta.get("values")
    entries = [v for v in values if isinstance(v, dict)] if isinstance(values, list) else []
    return {
        tuple(map(str, entry["path"])): str(entry["step"])
        for entry in entries
        if isinstance(entry.get("path"), list) and "step" in entry
    }


def _meta(text: str | None, where: str) -> Mapping[str, Any]:
    try:
        meta = json.loads(text) if text else {}
    except ValueError as error:
        raise DataError(f"{where}: meta is not JSON ({error})") from error
    return meta if isinstance(meta, dict) else {}


def _first_exchange(messages: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """The first question and its answer; later turns are not asked."""
    question = ""
    for message in messages:
        parts = message["content"] or ()
        text = "".join(part["text"] or "" for part in parts if part["type"] == "text")
        if message["role"] == "assistant":
            return question, text
        if message["role"] == "user":
            question = text
    return question, ""


def _check_ids(examples: Iterable[Example]) -> None:
    keys: dict[str, str] = {}
    for example in examples:
        if keys.setdefault(example.id, example.key) != example.key:
            raise DataError(
                f"two questions have the id {example.id!r}",
                "evaluate the configurations one by one, with --tasks",
            )


def _with_negatives(examples: Sequence[Example]) -> list[Example]:
    """Accept every sentence that the test set has for a picture without text."""
    sentences: dict[str, dict[str, None]] = {}
    for example in examples:
        if example.scoring == "nothing_to_read":
            sentences.setdefault(example.lang, {})[example.truth] = None
    return [
        replace(e, accepted=tuple(sentences[e.lang])) if e.scoring == "nothing_to_read" else e
        for e in examples
    ]
