"""A unit test as a value, and as a line of JSON in the format of olmOCR-bench.

Types `present`, `absent`, `order`, `table`, `math` and `baseline` are those of olmOCR-bench
(https://github.com/allenai/olmocr), with its fields. `fact` is new: a value of a chart at its path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import read_json_lines

FIELDS: Mapping[str, tuple[str, ...]] = {
    "present": ("text",),
    "absent": ("text",),
    "order": ("before", "after"),
    "table": ("cell",),
    "math": ("math",),
    "baseline": (),
    "fact": ("path", "value"),
}
"""The fields that a test of each type must have."""
OLMOCR = tuple(name for name in FIELDS if name != "fact")

_ROW = re.compile(rf"(.+)-(?:{'|'.join(FIELDS)})-\d{{3,}}")


@dataclass(frozen=True, slots=True)
class UnitTest:
    """A test of the answer to a picture.

    `pdf` is the file name of the picture as a PDF, `id` is unique. `fields` has what the type
    needs; `max_diffs` is how many wrong characters a text may have.
    """

    pdf: str
    id: str
    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    max_diffs: int = 0

    @property
    def row(self) -> str:
        """The id of the row, or the name of the picture in a foreign set of tests."""
        found = _ROW.fullmatch(self.id)
        return found[1] if found else self.pdf.removesuffix(".pdf")

    def to_json(self) -> str:
        """The line of JSON."""
        values = {"pdf": self.pdf, "page": 1, "id": self.id, "type": self.type}
        values |= {"max_diffs": self.max_diffs, "checked": "verified", **self.fields}
        return json.dumps(values, ensure_ascii=False)


def read_unit_tests(path: Path) -> Iterator[UnitTest]:
    """The tests of a JSONL file.

    Raises:
        SourceError: a line is no test, with its number.
        OSError: the file cannot be read.
    """
    for line in read_json_lines(path):
        value, problem = line.value, line.problem or _problem(line.value)
        if problem:
            raise SourceError(f"{path}, line {line.number}: {problem}")
        known = ("pdf", "page", "id", "type", "max_diffs", "checked", "url")
        fields = {name: v for name, v in value.items() if name not in known}
        yield UnitTest(value["pdf"], value["id"], value["type"], fields, value.get("max_diffs", 0))


def _problem(value: Any) -> str:
    if not isinstance(value, dict):
        return "not a JSON object"
    for name in ("pdf", "id", "type"):
        if not isinstance(value.get(name), str):
            return f"no {name}"
    if value["type"] not in FIELDS:
        return f"no type {value['type']!r}; known: {', '.join(FIELDS)}"
    differences = value.get("max_diffs", 0)
    if not isinstance(differences, int) or isinstance(differences, bool) or differences < 0:
        return "max_diffs is no number from 0 on"
    for name in FIELDS[value["type"]]:
        right = list if name == "path" else str
        if not isinstance(value.get(name), right):
            return f"a test of type {value['type']} has no {name}"
    return ""
