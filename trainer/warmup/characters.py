"""The characters of a dataset, most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow.parquet as pq

from trainer.data.catalog import Configuration

SCRIPTS = ("latin", "digit", "han", "other")


def count_characters(catalog: Sequence[Configuration], rows: int = 4000) -> Counter[str]:
    """How often each character stands in words of the first rows of every configuration."""
    counts: Counter[str] = Counter()
    for configuration in catalog:
        left = rows
        for group in configuration.groups:
            if left <= 0:
                break
            with pq.ParquetFile(group.file) as file:
                if "regions" not in file.schema_arrow.names:
                    break
                stored = file.read_row_group(group.index, columns=["regions"], use_threads=False)
            table = group.select(stored)
            for regions in table.column("regions").slice(0, left).to_pylist():
                for region in regions or ():
                    if region["role"] == "word":
                        counts.update("".join((region["text"] or "").split()))
            left -= group.rows
    return counts


def by_frequency(counts: Counter[str], at_least: int) -> list[str]:
    """Characters seen `at_least` times; equal counts in order of code points."""
    known = [c for c, n in counts.items() if n >= at_least]
    return sorted(known, key=lambda c: (-counts[c], c))


def script(character: str) -> int:
    """Index into `SCRIPTS`."""
    if character.isdecimal() and character.isascii():
        return 1
    if 0x3400 <= ord(character) <= 0x9FFF or ord(character) >= 0x20000:
        return 2
    return 0 if character.isalpha() and ord(character) < 0x250 else 3
