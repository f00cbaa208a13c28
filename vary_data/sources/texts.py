"""Reading a user's corpus: text, JSONL and Parquet files, and folders that `datasets` saved."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import json_lines
from vary_data.dataset.rejection import Rejected
from vary_data.sources.files import files_below, named_file, source_file

MAX_BYTES = 64 * 2**20
"""Read of each file: names for charts come from its beginning."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no JSON, where one was expected; it is not used."""

    place: str


def read_texts(path: Path) -> tuple[list[str], list[BadLine]]:
    """The texts of a file or folder, in the order of names, and the lines that cannot be read.

    Raises:
        SourceError: it does not exist, cannot be decoded, or holds no text.
    """
    try:
        found = list(_texts(path))
    except FileNotFoundError:
        raise SourceError(f"corpus {path} does not exist", "check --corpus") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"corpus {path} cannot be read ({error})", "give UTF-8 text") from None
    texts = [text for text in found if isinstance(text, str) and text.strip()]
    bad = [line for line in found if isinstance(line, BadLine)]
    if not texts:
        why = f"; {bad[0].place} is not JSON" if bad else ""
        raise SourceError(f"corpus {path} holds no text{why}", "check --corpus")
    return texts, bad


def _texts(path: Path) -> Iterator[str | BadLine]:
    if path.is_dir():
        if (path / "state.json").is_file() or (path / "dataset_dict.json").is_file():
            yield from _saved_dataset(path)
            return
        for name in files_below(path, (".txt", ".md", ".jsonl", ".json", ".parquet")):
            try:
                yield from _texts(source_file(path, name))
            except Rejected as error:
                raise SourceError(f"corpus {path / name} cannot be read ({error})") from None
    elif named_file(path).suffix == ".parquet":
        yield from _parquet(path)
    elif path.suffix in (".jsonl", ".json"):
        yield from _json_lines(path)
    else:
        yield from _read(path).decode("utf-8-sig").splitlines()


def _read(path: Path) -> bytes:
    """The beginning of a file, up to the end of a line."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        data = data[: data.rfind(b"\n", 0, MAX_BYTES) + 1]
    return data


def _json_lines(path: Path) -> Iterator[str | BadLine]:
    for line in json_lines(_read(path).removeprefix(codecs.BOM_UTF8).split(b"\n")):
        if line.problem:
            yield BadLine(f"{path.name}:{line.number}")
        else:
            yield from _strings(line.value)


def _strings(value: object) -> Iterator[str]:
    """The strings of a JSON value; of an object with a `text`, that alone."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        inner = [value["text"]] if isinstance(value.get("text"), str) else value.values()
        for item in inner:
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _parquet(path: Path) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield from _arrow_batches(file.iter_batches(batch_size=1000), file.schema_arrow)
    except pa.ArrowInvalid as error:
        raise SourceError(f"corpus {path} is not a Parquet file ({error})", "") from None


def _saved_dataset(path: Path) -> Iterator[str]:
    import datasets

    loaded = datasets.load_from_disk(str(path))
    parts = loaded.values() if isinstance(loaded, datasets.DatasetDict) else [loaded]
    for part in parts:
        table = part.data.table
        yield from _arrow_batches(table.to_batches(max_chunksize=1000), table.schema)


def _arrow_batches(batches: object, schema: object) -> Iterator[str]:
    import pyarrow as pa

    assert isinstance(schema, pa.Schema)
    names = [
        f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)
    ]
    names = ["text"] if "text" in names else names
    size = 0
    for batch in batches:  # type: ignore[attr-defined]
        for name in names:
            for text in batch.column(name).to_pylist():
                if text:
                    size += len(text)
                    yield text
        if size > MAX_BYTES:
            return
