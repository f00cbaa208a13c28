"""Checks that ids are unique in the whole dataset, and that no document is in two splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from vary_data.base.storage import parquet
from vary_data.quality.validate.files import ShardFile
from vary_data.quality.validate.report import Problem


def check_ids(shards: Sequence[ShardFile]) -> tuple[list[Problem], list[str]]:
    """Problems (repeated ids, documents in two splits of a configuration) and notes.

    A document in different splits of two configurations is only a note, since their shares may
    differ intentionally.
    """
    if not shards:
        return [], []
    tables, problems = [], []
    for position, shard in enumerate(shards):
        try:
            tables.append(_names(shard, position))
        except (OSError, pa.ArrowException) as error:
            what = f"its ids cannot be read: {str(error).splitlines()[0][:160]}"
            problems.append(Problem("unreadable", what, shard.name))
    if not tables:
        return problems, []
    table = pa.concat_tables(tables)
    leaks, notes = _leaks(table, shards)
    return [*problems, *_duplicates(table, shards), *leaks], notes


def _names(shard: ShardFile, position: int) -> pa.Table:
    with parquet(shard.path) as file:
        table = file.read(columns=["id", "doc_id"], use_threads=False)
    rows = table.num_rows
    split = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), rows), [shard.split])
    return (
        table.replace_schema_metadata(None)
        .append_column("shard", pa.repeat(pa.scalar(position, pa.int32()), rows))
        .append_column("row", pa.array(range(rows), pa.int32()))
        .append_column("split", split.cast(pa.string()))
    )


def _duplicates(table: pa.Table, shards: Sequence[ShardFile]) -> Iterator[Problem]:
    counts = table.group_by("id").aggregate([([], "count_all")])
    repeated = counts.filter(pc.greater(counts["count_all"], 1))["id"]
    places: dict[str, tuple[str, int]] = {}
    rows = table.filter(pc.is_in(table["id"], value_set=repeated.combine_chunks()))
    for row in rows.select(["id", "shard", "row"]).to_pylist():
        name = shards[row["shard"]].name
        first = places.setdefault(row["id"], (name, row["row"]))
        if first != (name, row["row"]):
            what = f"the id is also that of {first[0]} row {first[1]}"
            yield Problem("duplicate-id", what, name, row["row"], row["id"])


def _leaks(table: pa.Table, shards: Sequence[ShardFile]) -> tuple[list[Problem], list[str]]:
    """Problems for documents in two splits of a configuration, notes for two configurations."""
    splits = table.group_by("doc_id").aggregate([("split", "count_distinct")])
    leaking = splits.filter(pc.greater(splits["split_count_distinct"], 1))["doc_id"]
    rows = table.filter(pc.is_in(table["doc_id"], value_set=leaking.combine_chunks()))
    first: dict[tuple[str, str], str] = {}
    reported: set[tuple[str, str, str]] = set()
    problems = []
    for row in rows.select(["id", "doc_id", "shard", "row", "split"]).to_pylist():
        shard, document = shards[row["shard"]], row["doc_id"]
        split = first.setdefault((shard.config, document), row["split"])
        if split != row["split"] and (shard.config, document, row["split"]) not in reported:
            reported.add((shard.config, document, row["split"]))
            what = f"document {document!r} is also in split {split}"
            problems.append(Problem("split-leak", what, shard.name, row["row"], row["id"]))
    return problems, _split_differences(first)


def _split_differences(places: dict[tuple[str, str], str]) -> list[str]:
    """A note on all documents whose split differs between configurations."""
    by_document: dict[str, dict[str, str]] = {}
    for (config, document), split in places.items():
        by_document.setdefault(document, {})[config] = split
    differing = {d: s for d, s in by_document.items() if len(set(s.values())) > 1}
    if not differing:
        return []
    document, splits = next(iter(differing.items()))
    where = ", ".join(f"{split} of {config}" for config, split in splits.items())
    count = f"{len(differing):,} documents are" if len(differing) > 1 else "one document is"
    return [f"{count} in different splits of different configurations: {document!r} in {where}"]
