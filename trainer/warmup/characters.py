"""The characters of a dataset, most frequent first."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trainer.data.catalog import TrainingSource
from vary_data.base.storage import parquet

SCRIPTS = ("latin", "digit", "han", "other")


def count_characters(catalog: Sequence[TrainingSource], rows: int = 4000) -> Counter[str]:
    """How often each character occurs in the words of the first `rows` rows of every
    configuration."""
    counts = np.zeros(sys.maxunicode + 1)  # exact: float64 has whole numbers to 2**53
    for configuration in catalog:
        remaining = rows
        for group in configuration.groups:
            if remaining <= 0:
                break
            with parquet(group.file) as file:
                columns = _text_columns(file.schema)
                if len(columns) < 2:  # no regions, or none with text and role
                    break
                stored = file.read_row_group(group.index, columns=columns, use_threads=False)
            table = group.select(stored)
            regions = pc.list_flatten(table.column("regions").slice(0, remaining))
            words = pc.filter(
                pc.struct_field(regions, "text"),
                pc.equal(pc.struct_field(regions, "role"), "word"),
            )
            _add_characters(counts, pc.value_counts(words.drop_null()))
            remaining -= group.rows
    found = ((chr(code), int(counts[code])) for code in np.flatnonzero(counts).tolist())
    return Counter({character: n for character, n in found if not character.isspace()})


def _text_columns(schema: pq.ParquetSchema) -> list[str]:
    """The columns of regions that are read, of all that a region has."""
    paths = [schema.column(i).path for i in range(len(schema))]
    return [p for p in paths if p.startswith("regions.") and p.endswith((".text", ".role"))]


def _add_characters(counts: npt.NDArray[np.float64], words: pa.StructArray) -> None:
    """Add the characters of different words, each as often as its word occurs."""
    texts = words.field("values").to_pylist()
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    times = np.repeat(words.field("counts").to_numpy(), [len(text) for text in texts])
    counts += np.bincount(codes, times, minlength=len(counts))


def by_frequency(counts: Counter[str], at_least: int) -> list[str]:
    """Characters that occur `at_least` times, the most frequent first; equal counts in the order
    of code points."""
    known = [c for c, n in counts.items() if n >= at_least]
    return sorted(known, key=lambda c: (-counts[c], c))


def script(character: str) -> int:
    """Index into `SCRIPTS`."""
    if character.isdecimal() and character.isascii():
        return 1
    if 0x3400 <= ord(character) <= 0x9FFF or ord(character) >= 0x20000:
        return 2
    return 0 if character.isalpha() and ord(character) < 0x250 else 3
