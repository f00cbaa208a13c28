"""The deep checks of a row group, run in a subprocess because its rows may be hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from vary_data.base.storage import Location, parquet
from vary_data.dataset.languages import languages
from vary_data.dataset.row_kinds import row_kinds_of
from vary_data.dataset.schema import FORMATS, VERSION, upgraded, version_of
from vary_data.quality.validate.markdown import black_boxes
from vary_data.quality.validate.picture import RowProblem, blank, cut_texts, decode
from vary_data.quality.validate.regions import check_messages, check_regions, written
from vary_data.quality.validate.report import Problem, ProblemCollector
from vary_data.quality.validate.second_reader import Agreements, SecondReader, check_reading
from vary_data.quality.validate.tree import check_tree
from vary_data.quality.validate.truth import check_truth
from vary_data.targets.target import original

BATCH = 16
NEVER_NULL = ("id", "text", "messages", "regions", "kind", "format", "lang", "width", "height")


def check_group(
    path: Location,
    name: str,
    group: int,
    first_row: int,
    limit: int,
    reader: SecondReader | None = None,
) -> ProblemCollector:
    """Every row of one row group. `name` is the file as reports show it."""
    found = ProblemCollector(limit)
    row_number = first_row
    kinds = row_kinds_of(path)
    try:
        with parquet(path, page_checksum_verification=True) as file:
            tree = version_of(file.schema_arrow) == VERSION
            for batch in file.iter_batches(BATCH, row_groups=[group], use_threads=False):
                for row in upgraded(batch).to_pylist():
                    for check, what in check_row(row, reader, found.agreements, tree=tree):
                        found.add(Problem(check, what, name, row_number, row["id"] or ""))
                    if row["kind"] and row["kind"] not in kinds:
                        found.unknown_kinds[row["kind"]] += 1
                    row_number += 1
    except (OSError, pa.ArrowException) as error:
        what = f"row group {group} cannot be read: {str(error).splitlines()[0][:160]}"
        found.add(Problem("unreadable", what, name, row_number))
    return found


def check_row(
    row: dict[str, Any],
    reader: SecondReader | None = None,
    agreements: Agreements | None = None,
    *,
    tree: bool = True,
) -> Iterator[RowProblem]:
    """Everything that can be wrong with one row, in the columns of `vary_data.dataset.schema`.

    With a `reader`, how far it agrees is added to `agreements`. Rows of schema 1 have no `tree`.
    """
    empty = [column for column in NEVER_NULL if row[column] is None]
    if empty or any(None in (r["bbox"], r["text"], r["role"]) for r in row["regions"]):
        yield "value", f"no value in {', '.join(empty) or 'a region'}"
        return
    yield from _check_names(row)
    meta = _meta(row)
    if meta is None:
        yield "meta", "meta is no JSON object"
        meta = {}
    pixels, wrong = decode(row)
    yield from wrong
    misplaced = list(check_regions(row))
    yield from misplaced
    if tree and not misplaced:
        yield from check_tree(row["regions"])
    yield from check_messages(row)
    yield from check_truth(row, meta)
    if pixels is None:
        return
    if blank(pixels):
        yield "blank", "the picture has only one color"
    elif not misplaced and pixels.shape[:2] == (row["height"], row["width"]):
        drawn_as = original(row)["format"]
        yield from cut_texts(pixels, written(row["regions"]), tight=drawn_as == "dict")
        # Blur closes the counters of letters.
        if drawn_as == "mmd" and "degrade" not in meta:
            yield from black_boxes(pixels, row["regions"])
        if reader is not None:
            known = Agreements() if agreements is None else agreements
            yield from check_reading(row, pixels, reader, known)


def _check_names(row: dict[str, Any]) -> Iterator[RowProblem]:
    for column, known in (("format", FORMATS), ("lang", languages())):
        if row[column] not in known:
            yield "value", f"{column} is {row[column]!r}"
    for column in ("id", "doc_id", "source", "kind"):
        if not row[column]:
            yield "value", f"{column} is empty"


def _meta(row: dict[str, Any]) -> dict[str, Any] | None:
    try:
        meta = json.loads(row["meta"] or "{}")
    except ValueError:
        return None
    return meta if isinstance(meta, dict) else None
