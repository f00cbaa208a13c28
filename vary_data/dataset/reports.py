"""The reports of shards, as plain data.

A report is written before its shard, and the shard's footer has the report's digest, so that the
two always belong together: a report that is cut off, from another shard or from an interrupted
retry does not pass for the shard's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from vary_data.base.json_lines import parse_json
from vary_data.base.storage import Location

DIGEST_KEY = "vary.report"
"""The footer's key for the digest of the report."""
UNSTABLE_KEY = "vary.unstable"
"""The footer's key for the number of tasks to try again; missing if there is none."""


def read_report(path: Location, footer: Mapping[str, str]) -> dict[str, Any] | None:
    """The report of the shard with this footer; None if it is missing, damaged or another's."""
    try:
        report = parse_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        return None
    if not isinstance(report, dict) or not _has_fields(report):
        return None
    if report["plan_id"] != footer.get("vary.plan_id"):
        return None
    # Version 0.2 wrote no digest.
    expected = footer.get(DIGEST_KEY)
    return report if expected in (None, report_digest(report)) else None


def report_digest(report: Mapping[str, Any]) -> str:
    """A hash of what a report states about the rows: not of its time and machine."""
    stated = [report["split"], report["index"], report["samples"], report["rejections"]]
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "plan_id": str,
    "split": str,
    "index": int,
    "tasks": int,
    "samples": int,
    "failed_tasks": int,
    "rejections": list,
    "bytes": int,
    "seconds": (int, float),
    "host": str,
}
_REJECTION_FIELDS = {
    "key": str,
    "reason": str,
    "detail": str,
    "attempt": int,
    "retried": bool,
    "cause": str,
    "task": str,
    "runs": int,
}


def _has_fields(report: Mapping[str, Any]) -> bool:
    return (
        set(report) == set(_FIELDS)
        and all(isinstance(report[name], kind) for name, kind in _FIELDS.items())
        and all(isinstance(item, dict) and _is_rejection(item) for item in report["rejections"])
    )


def _is_rejection(item: Mapping[str, Any]) -> bool:
    return {"key", "reason"} <= set(item) and all(
        name in _REJECTION_FIELDS and isinstance(value, _REJECTION_FIELDS[name])
        for name, value in item.items()
    )
