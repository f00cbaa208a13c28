"""The characters of a dataset, most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow.compute as pc

from trainer.data.catalog import TrainingSource
from vary_data.base.storage import parquet

SCRIPTS = ("latin", "digit", "han", "other")


def count_characters(catalog: Sequence[TrainingSource], rows: int = 4000) -> Counter[str]:
    """How often each character occurs in the words of the first `rows` rows of every
    configuration."""
    counts: Counter[str] = Counter()
    for configuration in catalog:
        remaining = rows
        for group in configuration.groups:
            if remaining <= 0:
                break
            with parquet(group.file) as file:
                if "regions" not in file.schema_arrow.names:
                    break
                stored = file.read_row_group(group.index, columns=["regions"], use_threads=False)
            table = group.select(stored)
            regions = pc.list_flatten(table.column("regions").slice(0, remaining))
            words = pc.filter(
                pc.struct_field(regions, "text"),
                pc.equal(pc.struct_field(regions, "role"), "word"),
            )
            for entry in pc.value_counts(words.drop_null()):
                for character in "".join(entry["values"].as_py().split()):
                    counts[character] += entry["counts"].as_py()
            remaining -= group.rows
    return counts


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
