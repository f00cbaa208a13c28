"""Reads a dataset once, finds the duplicates, and writes the keep-lists."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from vary_data.base.seed import stable_hash
from vary_data.dataset import keep_list
from vary_data.dataset.reader import Dataset, DatasetConfig, Shard
from vary_data.engine.writer import write_text
from vary_data.quality.dedup.leaders import Duplicate, exact, near
from vary_data.quality.dedup.signatures import SHINGLE_TOKENS, MinHasher
from vary_data.quality.grams import GramHasher
from vary_data.quality.progress import ProgressCallback
from vary_data.quality.wording import TRANSCRIPTS, tokens, wording

COLUMNS = ("text", "messages", "format", "doc_id")
PROGRESS_ROWS = 64
DUPLICATES_FILE = "duplicates.jsonl"


@dataclass(frozen=True, slots=True)
class DedupSettings:
    """`threshold` is the smallest similarity of near-duplicates; 1 finds only exact ones.

    Rows of one document in one configuration are intended variants (a record in several styles,
    a source in several templates): they are compared only with `within_documents`.
    """

    threshold: float = 0.8
    within_documents: bool = False

    def command(self) -> str:
        """The command line that makes the same keep-list."""
        flag = " --within-documents" if self.within_documents else ""
        return f"vary-data dedup --threshold {self.threshold:g}{flag}"


@dataclass(frozen=True, slots=True)
class DedupResult:
    """The duplicates of a dataset. Rows are numbered over all `shards` in order.

    `starts` has the number of the first row of each shard.
    """

    settings: DedupSettings
    shards: tuple[tuple[DatasetConfig, Shard], ...]
    starts: tuple[int, ...]
    rows: int
    duplicates: tuple[Duplicate, ...]

    def place(self, row: int) -> tuple[int, int]:
        """The shard of a row, and the row's number in it."""
        shard = bisect_right(self.starts, row) - 1
        return shard, row - self.starts[shard]

    def counts(self) -> dict[str, dict[str, int]]:
        """By configuration: rows, exact duplicates, near-duplicates."""
        counts: dict[str, dict[str, int]] = {}
        ends = (*self.starts[1:], self.rows)
        for (config, _), start, end in zip(self.shards, self.starts, ends, strict=True):
            config_counts = counts.setdefault(config.name, {"rows": 0, "exact": 0, "near": 0})
            config_counts["rows"] += end - start
        for found in self.duplicates:
            name = self.shards[self.place(found.row)[0]][0].name
            counts[name]["exact" if found.similarity is None else "near"] += 1
        return dict(sorted(counts.items()))


@dataclass(slots=True)
class _RowHashes:
    """Hashes of all rows: 16 bytes per row, 520 more for the signature of a transcript."""

    texts: array[int] = field(default_factory=lambda: array("Q"))
    documents: array[int] = field(default_factory=lambda: array("Q"))
    signed: array[int] = field(default_factory=lambda: array("q"))
    signatures: array[int] = field(default_factory=lambda: array("I"))


def find(
    dataset: Dataset,
    settings: DedupSettings,
    names: Sequence[str] = (),
    progress: ProgressCallback = lambda done, total: None,
) -> DedupResult:
    """Compare all rows of a dataset (of all configurations, or of `names`), ignoring keep-lists.

    Rows of evaluation splits come first, so that rows for training are dropped.
    """
    configs = [dataset.config(name) for name in names] if names else list(dataset.configs)
    pairs = [(c, s) for c in configs for s in c.shards if s.finished]
    pairs.sort(key=lambda pair: pair[1].split == "train")
    sizes = [pq.read_metadata(shard.path).num_rows for _, shard in pairs]
    marks = _RowHashes()
    runs, sign = GramHasher(SHINGLE_TOKENS), MinHasher()
    for config, shard in pairs:
        for row in _rows(shard):
            _add_row(config.name, row, marks, runs, sign if settings.threshold < 1 else None)
            if len(marks.texts) % PROGRESS_ROWS == 0:
                progress(len(marks.texts), sum(sizes))
    starts = np.cumsum([0, *sizes])[:-1].tolist() if sizes else []
    duplicates = tuple(sorted(_duplicates(marks, settings), key=lambda found: found.row))
    return DedupResult(settings, tuple(pairs), tuple(starts), sum(sizes), duplicates)


def write(found: DedupResult) -> None:
    """Write for every configuration a keep-list, and a file with the reason for each row.

    Raises:
        OutputError: a file cannot be written.
    """
    dropped: dict[int, list[int]] = {}
    for duplicate in found.duplicates:
        shard, row = found.place(duplicate.row)
        dropped.setdefault(shard, []).append(row)
    explained = _duplicate_facts(found)
    for configuration in dict.fromkeys(config for config, _ in found.shards):
        numbers = [i for i, (c, _) in enumerate(found.shards) if c is configuration]
        ends = (*found.starts[1:], found.rows)
        listed = keep_list.KeepList(
            configuration.plan_id,
            found.settings.command(),
            {found.shards[i][1].path.name: ends[i] - found.starts[i] for i in numbers},
            {found.shards[i][1].path.name: np.array(dropped.get(i, []), np.int64) for i in numbers},
        )
        engine = configuration.path / ".vary"
        lines = (json.dumps(fact, ensure_ascii=False) for fact in explained[configuration.name])
        write_text(engine / DUPLICATES_FILE, "".join(f"{line}\n" for line in lines))
        write_text(engine / keep_list.FILE, listed.to_json())


def undo(dataset: Dataset, names: Sequence[str] = ()) -> list[str]:
    """Delete the keep-lists; the names of the configurations that had one."""
    configs = [dataset.config(name) for name in names] if names else list(dataset.configs)
    undone = []
    for configuration in configs:
        path = configuration.path / ".vary" / keep_list.FILE
        if path.exists():
            path.unlink()
            (path.parent / DUPLICATES_FILE).unlink(missing_ok=True)
            undone.append(configuration.name)
    return undone


def _rows(shard: Shard) -> Iterator[dict[str, Any]]:
    """The compared columns of every row; pictures are read only if the text is not sufficient."""
    with pq.ParquetFile(shard.path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group, columns=list(COLUMNS)).to_pylist()
            if any(row["format"] not in TRANSCRIPTS for row in rows):
                pictures = file.read_row_group(group, columns=["image"])["image"]
                for row, picture in zip(rows, pictures, strict=True):
                    row["picture"] = picture["bytes"].as_py()
            yield from rows


def _add_row(
    config: str, row: Mapping[str, Any], marks: _RowHashes, runs: GramHasher, sign: MinHasher | None
) -> None:
    marks.documents.append(stable_hash(config, row["doc_id"] or ""))
    words = wording(row)
    if row["format"] not in TRANSCRIPTS:
        # The same answer fits many questions, the same caption many pictures.
        picture = (row.get("picture") or b"").hex()
        marks.texts.append(stable_hash("conversation", picture, words))
        return
    number = len(marks.texts)
    text = " ".join((row["text"] or "").split())
    # Rows without a text are not duplicates of each other.
    marks.texts.append(stable_hash("text", text) if text else stable_hash("none", number))
    found = runs(tokens(words)) if sign else None
    if sign and found is not None and len(found):
        marks.signed.append(number)
        marks.signatures.frombytes(sign(found).tobytes())


def _duplicates(marks: _RowHashes, settings: DedupSettings) -> Iterator[Duplicate]:
    texts = np.array(marks.texts, np.uint64)
    documents = np.array(marks.documents, np.uint64)
    gone = np.zeros(len(texts), bool)
    for duplicate in exact(texts, documents, settings.within_documents):
        gone[duplicate.row] = True
        yield duplicate
    if marks.signed:
        rows = np.frombuffer(marks.signed, np.int64)
        signatures = np.frombuffer(marks.signatures, np.uint32).reshape(len(rows), -1)
        threshold, within = settings.threshold, settings.within_documents
        yield from near(rows, signatures, documents, threshold, within, gone)


def _duplicate_facts(found: DedupResult) -> dict[str, list[dict[str, Any]]]:
    """For each configuration, the dropped rows and the kept rows that they duplicate, by id."""
    named = {place for d in found.duplicates for place in (d.row, d.kept)}
    ids = _ids(found, sorted(named))
    explained: dict[str, list[dict[str, Any]]] = {c.name: [] for c, _ in found.shards}
    for duplicate in found.duplicates:
        config = found.shards[found.place(duplicate.row)[0]][0]
        kept_config = found.shards[found.place(duplicate.kept)[0]][0].name
        fact = asdict(duplicate)
        fact.update(row=ids[duplicate.row], kept=ids[duplicate.kept], kept_config=kept_config)
        explained[config.name].append(fact)
    return explained


def _ids(found: DedupResult, rows: Sequence[int]) -> dict[int, str]:
    by_shard: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        shard, row_in_shard = found.place(row)
        by_shard.setdefault(shard, []).append((row, row_in_shard))
    ids: dict[int, str] = {}
    for shard, members in by_shard.items():
        column = pq.read_table(found.shards[shard][1].path, columns=["id"])["id"]
        ids.update((row, column[row_in_shard].as_py()) for row, row_in_shard in members)
    return ids
