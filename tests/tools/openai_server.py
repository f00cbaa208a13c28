"""A small OpenAI-compatible server: chat completions, files, batches, and every way to fail.

It speaks real HTTP, so that the real client is what is tested. What a request gets is decided
by its content and how often it was seen, never by time, so runs repeat.

    with serve(faults=("429", "cut-off")) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="any")
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from renderers.charts.catalog import CATALOG, ChartType
from renderers.charts.tile_grids import TILE_GRIDS

FENCED = "Here are the charts:\n```json\n%s\n```\nI hope that they are useful."
FAULTS = ("429", "500", "slow", "disconnect", "cut-off", "not-json", "refusal", "bad-record")
"""`429`, `500` and `disconnect` pass when the same request comes again; the others are answers."""


@dataclass
class State:
    """What the server was asked. `answered` counts completions by request content."""

    faults: Sequence[str] = ()
    share: int = 3
    """One request in `share` gets a fault."""
    base_url: str = ""
    seen: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: str | None = None
    fenced: bool = False
    """Answers are in a Markdown fence, with words around it."""
    down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, body: dict[str, Any]) -> str:
        """The fault of a request on this its n-th coming; transient ones only the first time."""
        name = _digest(body)
        number = int(name[:8], 16)
        with self.lock:
            self.seen[name] += 1
            first = self.seen[name] == 1
        if not self.faults or number % self.share:
            return ""
        fault = self.faults[int(name[8:16], 16) % len(self.faults)]
        return fault if first or fault not in ("429", "500", "disconnect") else ""

    def complete(self, body: dict[str, Any], fault: str) -> dict[str, Any]:
        with self.lock:
            self.answered[_digest(body)] += 1
        content, finish, refusal = json.dumps(answer(body), ensure_ascii=False), "stop", None
        if self.fenced:
            content = FENCED % content
        if fault == "cut-off":
            content, finish = content[: len(content) // 2], "length"
        elif fault == "not-json":
            content = "Sure! Here are your charts: {"
        elif fault == "refusal":
            content, refusal = None, "I cannot help with that."
        elif fault == "bad-record":
            broken = answer(body)
            if "questions" in broken:
                broken["questions"][0] = "What is the value of 7?"
            else:
                broken["records"][0]["unit"] = ["import os"]
            content = json.dumps(broken)
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content, "refusal": refusal},
                    "finish_reason": finish,
                    "logprobs": None,
                }
            ],
            "usage": {"prompt_tokens": 400, "completion_tokens": 900, "total_tokens": 1300},
        }


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """A good answer: other wordings of questions, or records."""
    if body["response_format"]["json_schema"]["name"] != "questions":
        return records(body)
    listed = body["messages"][-1]["content"].partition("\n")[2]
    texts = [item["question"] for item in json.loads(listed)]
    if any("\u4e00" <= character <= "\u9fff" for character in body["messages"][0]["content"]):
        return {"questions": [f"请看图，{text}" for text in texts]}
    return {"questions": [f"From the picture: {text[0].lower()}{text[1:]}" for text in texts]}


def records(body: dict[str, Any]) -> dict[str, Any]:
    """Good records for the chart types that the prompt names."""
    prompt = body["messages"][-1]["content"]
    zh = "图表" in prompt
    seed = int(_digest(body)[:8], 16)
    types = [n for n in re.findall(r"\b([a-z_]+) \(\d", prompt) if n in CATALOG]
    return {"records": [record(name, seed, i, zh=zh) for i, name in enumerate(types)]}


def record(name: str, seed: int, number: int, *, zh: bool) -> dict[str, Any]:
    """A good record of any type; titles and names differ by seed and number."""
    entry = CATALOG[name]
    label = ("类别" if zh else "Item ") + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[seed % 20]
    names = [f"{label}{_letters(j)}" for j in range(40)]
    return {
        "topic": f"{seed % 97}-{number}",
        "chart_type": name,
        "title": ("各类别的数量" if zh else "Amounts by item") + _letters(seed + number),
        "source": "",
        "x_title": "类别" if zh else "Item",
        "y_title": "数量" if zh else "Amount",
        "unit": "吨" if zh else "t",
        **_SHAPES[entry.shape](entry, names, seed),
    }


UNITS = {"bump": "", "survival": "%", "waffle": "%", "timeline": "", "venn": ""}
"""Units of types that do not take any."""


def _table(entry: ChartType, names: list[str], seed: int) -> dict[str, Any]:
    count, series = entry.categories[0], entry.series[0]
    values = [[10.0 + (seed + j * 7 + k * 3) % 50 for j in range(count)] for k in range(series)]
    fields: dict[str, Any] = {"categories": names[:count]}
    if entry.name == "calendar":
        fields["categories"] = [f"2023-02-{day:02d}" for day in range(1, 29)]
    elif entry.name == "histogram":
        fields["categories"] = [f"{10 * j}-{10 * j + 10}" for j in range(count)]
    elif entry.name == "waterfall":
        values[0][-1] = sum(values[0][:-1])
    elif entry.name == "funnel":
        values[0].sort(reverse=True)
    elif entry.name == "bump":
        values = [[float((j + k) % series + 1) for j in range(count)] for k in range(series)]
    elif entry.name == "survival":
        fields["categories"] = [str(3 * j) for j in range(count)]
        values = [[100.0 - 5 * j - k for j in range(count)] for k in range(series)]
        values = [[100.0, *v[1:]] for v in values]
    elif entry.name == "tile_map":
        fields["categories"] = list(TILE_GRIDS["zh" if "类" in names[0] else "en"][0])[:count]
        values = [[10.0 + (seed + j * 7) % 50 for j in range(count)]]
    elif entry.name == "waffle":
        values = [[60.0, 40.0]]
    elif entry.name == "venn":
        fields["categories"] = [*names[:2], f"{names[0]} ∩ {names[1]}"]
    elif entry.name == "timeline":
        values = [[1950.0 + 7 * j + seed % 5 for j in range(count)]]
    elif entry.name == "bar_line":
        fields |= {"y2_title": "%", "unit2": "%"}
    rows = names[:series] if entry.name == "confusion_matrix" else names[::-1]
    fields["series"] = [{"name": rows[k], "values": v} for k, v in enumerate(values)]
    if entry.name in UNITS:
        fields["unit"] = UNITS[entry.name]
    return fields


def _summary(entry: ChartType, names: list[str], seed: int) -> dict[str, Any]:
    count = entry.categories[0]
    low = 20.0 + seed % 10
    rows = {
        "candlestick": [low + 2, low + 3, low, low + 4],
        "error_bar": [low, 2.5],
        "dumbbell": [low, low + 9],
        "bullet": [low, low + 4],
        "gantt": [low, low + 5],
        "range_bar": [low, low + 9],
        "forest": [1.1, 0.7, 1.6],
        "interval_line": [low, low + 3, low + 5],
        **{
            name: [low, low + 2, low + 5, low + 6, low + 9]
            for name in ("box", "violin", "box_points", "strip", "swarm")
        },
    }[entry.name]
    fields = list(entry.fields or ("2010", "2020"))
    return {"categories": names[:count], "fields": fields, "rows": [rows] * count}


def _points(entry: ChartType, names: list[str], seed: int) -> dict[str, Any]:
    labeled = entry.labeled == "always"
    scale = 0.01 if entry.name in ("roc_curve", "pr_curve") else 1.0
    points = [
        {
            "label": names[j] if labeled else "",
            "x": (10.0 + j * 7) * scale,
            "y": (5.0 + (seed + j * 11) % 40) * scale,
            "size": 3.0 + j if entry.name == "bubble" else None,
        }
        for j in range(entry.categories[0])
    ]
    return {"x_unit": "", "size_unit": "", "series": [{"name": "", "points": points}]}


def _tree(entry: ChartType, names: list[str], seed: int) -> dict[str, Any]:
    groups = [
        {
            "name": names[j],
            "members": [
                {"name": names[10 + 2 * j + k], "value": 10.0 + (seed + j + 5 * k) % 30}
                for k in range(2)
            ],
        }
        for j in range(entry.categories[0])
    ]
    return {"groups": groups}


def _flow(entry: ChartType, names: list[str], seed: int) -> dict[str, Any]:
    links = [
        {"source": names[j % 2], "target": names[10 + j // 2], "value": 10.0 + (seed + 7 * j) % 50}
        for j in range(entry.categories[0])
    ]
    return {"links": links}


_SHAPES = {
    "table": _table,
    "summary": _summary,
    "points": _points,
    "tree": _tree,
    "flow": _flow,
}


def _letters(number: int) -> str:
    text = ""
    number += 26
    while number:
        number, rest = divmod(number, 26)
        text = "abcdefghijklmnopqrstuvwxyz"[rest] + text
    return " " + text


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.state.down:
            self._send(503, {"error": {"message": "down for maintenance"}})
        elif self.state.key and self.headers.get("Authorization") != f"Bearer {self.state.key}":
            self._send(401, {"error": {"message": "Incorrect API key provided"}})
        elif self.path.endswith("/chat/completions"):
            self._chat(json.loads(data))
        elif self.path.endswith("/files"):
            self._upload(data)
        elif self.path.endswith("/batches"):
            self._batch(json.loads(data))
        else:
            self._send(404, {"error": {"message": f"no such path {self.path}"}})

    def do_GET(self) -> None:
        name = self.path.rstrip("/").split("/")
        if name[-1] == "content":
            self._send_bytes(200, self.state.files[name[-2]])
        elif name[-2] == "batches" and name[-1] in self.state.batches:
            batch = self.state.batches[name[-1]]
            answer = dict(batch)
            batch["status"] = {"validating": "in_progress"}.get(batch["status"], "completed")
            self._send(200, answer)
        else:
            self._send(404, {"error": {"message": f"no such path {self.path}"}})

    def _chat(self, body: dict[str, Any]) -> None:
        fault = self.state.fault(body)
        if fault == "429":
            self._send(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.05"})
        elif fault == "500":
            self._send(500, {"error": {"message": "oops"}}, {"Retry-After": "0.05"})
        elif fault == "disconnect":
            self.close_connection = True
            self.connection.close()
        else:
            if fault == "slow":
                time.sleep(0.2)
            self._send(200, self.state.complete(body, fault))

    def _upload(self, data: bytes) -> None:
        content = data.split(b"\r\n\r\n", 2)
        part = next(p for p in data.split(b"--" + self._boundary()) if b"filename=" in p)
        content = part.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n", 1)[0]
        name = f"file-{len(self.state.files)}"
        self.state.files[name] = content
        self._send(200, _file(name, len(content)))

    def _boundary(self) -> bytes:
        return self.headers["Content-Type"].split("boundary=")[1].strip('"').encode()

    def _batch(self, request: dict[str, Any]) -> None:
        lines = []
        for line in self.state.files[request["input_file_id"]].splitlines():
            item = json.loads(line)
            fault = self.state.fault(item["body"])
            if fault in ("429", "500", "disconnect"):
                response = {"status_code": 500, "body": {"error": {"message": "oops"}}}
            else:
                response = {"status_code": 200, "body": self.state.complete(item["body"], fault)}
            lines.append(json.dumps({"custom_id": item["custom_id"], "response": response}))
        output = f"file-{len(self.state.files)}"
        self.state.files[output] = "\n".join(lines).encode()
        name = f"batch-{len(self.state.batches)}"
        self.state.batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": request["endpoint"],
            "completion_window": "24h",
            "created_at": 0,
            "input_file_id": request["input_file_id"],
            "output_file_id": output,
            "status": "validating",
        }
        self._send(200, self.state.batches[name])

    def _send(self, code: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(code, json.dumps(data).encode(), headers)

    def _send_bytes(self, code: int, data: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _file(name: str, size: int) -> dict[str, Any]:
    return {
        "id": name,
        "object": "file",
        "bytes": size,
        "created_at": 0,
        "filename": "requests.jsonl",
        "purpose": "batch",
        "status": "processed",
    }


@contextlib.contextmanager
def serve(**settings: Any) -> Iterator[State]:
    """Run the server on a free port of this machine for as long as the block lasts."""
    state = State(**settings)
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
