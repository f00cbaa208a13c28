"""Rewrites the golden files: `make golden`, or `python -m tests.golden.rewrite [NAME …]`.

Do this only when content is meant to change. Then also raise `vary_data.__version__`, which
gives every dataset a new plan id, and name the change in CHANGELOG.md.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.golden.cases import FILES, ROWS, plan, rows, splits


def main(names: list[str]) -> None:
    FILES.mkdir(exist_ok=True)
    for name, make in (("splits", splits), ("plan", plan)):
        if not names or name in names:
            write(name, make())
    for case in ROWS:
        if not names or case.name in names:
            with tempfile.TemporaryDirectory() as folder:
                write(case.name, rows(case, Path(folder)))


def write(name: str, value: dict[str, Any]) -> None:
    path = FILES / f"{name}.json"
    text = layout(value) + "\n"
    old = path.read_text("utf-8") if path.exists() else ""
    path.write_text(text, "utf-8")
    print(f"{'unchanged' if text == old else 'written'}: {path.relative_to(Path.cwd())}")


def layout(value: Any, indent: str = "") -> str:
    """JSON with one line for each list of plain values, so that a diff has a line per region."""
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(k)}: {layout(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inner + item for item in items) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return "[\n" + ",\n".join(inner + layout(v, inner) for v in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
