"""A cache of replies: each is stored immediately, so that no request is paid for twice."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from vary_data.base.errors import OutputError
from vary_data.base.json_lines import json_lines

TEXTS = ("fingerprint", "content", "finish")
"""The fields of a reply that every line of the cache has."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An unchanged reply. `finish` is the API's finish reason, `refusal`, or `malformed` if the
    reply is not in the form of the API."""

    fingerprint: str
    content: str
    finish: str
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    batch: bool = False


def fingerprint(body: dict[str, Any]) -> str:
    """The identity of a request: a hash of its body."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _stored_reply(value: Any) -> Reply | None:
    """The reply of a line of the cache; None if the line is damaged."""
    kinds = {f.name: type(f.default) for f in fields(Reply)} | dict.fromkeys(TEXTS, str)
    if not isinstance(value, dict) or not {*TEXTS} <= set(value) <= set(kinds):
        return None
    if any(type(value[name]) is not kinds[name] for name in value):
        return None
    return Reply(**value)


@dataclass(slots=True)
class Cache:
    """An append-only JSONL file of replies, keyed by fingerprint.

    An incomplete last line (of a killed run) is removed when the file is opened; other damaged
    lines are skipped. Use as a context manager.
    """

    path: Path
    replies: dict[str, Reply] = field(default_factory=dict)
    _file: Any = None

    def __enter__(self) -> Cache:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a+b")
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}") from error
        self._file.seek(0)
        data = self._file.read()
        whole = data[: data.rfind(b"\n") + 1]
        for line in json_lines(whole.split(b"\n")):
            if (reply := _stored_reply(line.value)) is not None:
                self.replies[reply.fingerprint] = reply
        if len(whole) < len(data):
            self._file.truncate(len(whole))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, reply: Reply) -> None:
        """Store a reply durably before it is used."""
        line = json.dumps(asdict(reply), ensure_ascii=False) + "\n"
        try:
            self._file.write(line.encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}") from error
        self.replies[reply.fingerprint] = reply
