"""A small Hugging Face Hub: the endpoints for creating a dataset, uploading and reading its files.

    with serve() as hub:
        os.environ["HF_ENDPOINT"] = hub.url

Tokens: `writer` may write, `reader` may not, others are unknown. `hub.refuse` is asked before
every request with its method and path, and may answer a status to fail with.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

COMMIT = "0" * 40
RIGHTS = {"Bearer writer": "write", "Bearer reader": "read"}
LICENSES = {"apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0", "mit", "other", "unknown"}
TASKS = {"image-to-text", "image-text-to-text", "visual-question-answering"}
CREATORS = {"machine-generated", "crowdsourced", "expert-generated", "found", "no-annotation"}
SIZE = re.compile(r"n<1K|1K<n<10K|10K<n<100K|100K<n<1M|1M<n<10M|10M<n<100M|100M<n<1B|n>1T")


@dataclass
class Hub:
    """The state of the server. `files` are those of the repository, by path; `objects` are those
    sent by LFS, by SHA-256. Without `lfs`, large files are sent inside commits."""

    lfs: bool = True
    private: bool = False
    exists: bool = False
    url: str = ""
    refuses_card: str = ""
    """An error that the validator reports for every card."""
    files: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    commits: list[list[str]] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    """Bytes of each file that were read."""
    refuse: Callable[[str, str], int | None] = lambda method, path: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, folder: Path) -> Path:
        """The repository as a folder."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def card_errors(content: str) -> list[str]:
    """The errors of a card's metadata by the documented rules of the Hub."""
    match = re.match(r"---\n(.*?)\n---\n", content, re.DOTALL)
    if match is None:
        return ["no metadata"]
    data = yaml.safe_load(match[1])
    licenses = data.get("license")
    wrong = [f"license {x}" for x in _listed(licenses) if x not in LICENSES]
    wrong += [f"language {x}" for x in _listed(data.get("language")) if len(x) not in (2, 3)]
    wrong += [f"task {x}" for x in _listed(data.get("task_categories")) if x not in TASKS]
    wrong += [f"size {x}" for x in _listed(data.get("size_categories")) if not SIZE.fullmatch(x)]
    wrong += [f"by {x}" for x in _listed(data.get("annotations_creators")) if x not in CREATORS]
    for config in data.get("configs", []):
        if set(config) != {"config_name", "data_files"}:
            wrong.append(f"config {config}")
    return wrong


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._handle("GET")

    def do_HEAD(self) -> None:
        self._handle("HEAD")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_PUT(self) -> None:
        self._handle("PUT")

    def _handle(self, method: str) -> None:
        data = self._body()
        path = unquote(urlsplit(self.path).path)
        with self.hub.lock:
            self.hub.requests[f"{method} {path}"] += 1
            status = self.hub.refuse(method, path)
            if status is not None:
                self._send(status, {"error": "refused by the test"})
            elif path == "/api/validate-yaml":
                self._validate(json.loads(data))
            elif path.startswith("/objects/"):
                self._object(path.rpartition("/")[2], data)
            elif self.headers.get("Authorization") not in RIGHTS:
                self._send(401, {"error": "Invalid credentials in Authorization header"})
            elif (
                "/paths-info/" not in path
                and method == "POST"
                and RIGHTS[self.headers["Authorization"]] != "write"
            ):
                self._send(403, {"error": "You don't have the rights to write here"})
            else:
                self._repository(method, path, data)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _repository(self, method: str, path: str, data: bytes) -> None:
        hub = self.hub
        if path == "/api/repos/create":
            asked = json.loads(data)
            url = f"{hub.url}/datasets/{asked['organization']}/{asked['name']}"
            if hub.exists:
                self._send(409, {"error": "You already created this dataset repo", "url": url})
                return
            hub.exists, hub.private = True, asked.get("visibility") == "private"
            self._send(200, {"url": url})
        elif not hub.exists:
            self._send(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        elif "/resolve/" in path:
            self._file(path.partition("/resolve/")[2].partition("/")[2])
        elif "/paths-info/" in path:
            self._paths(data)
        elif "/tree/" in path:
            self._send(200, [_entry(name, blob) for name, blob in sorted(hub.files.items())])
        elif "/preupload/" in path:
            self._preupload(json.loads(data))
        elif path.endswith("/info/lfs/objects/batch"):
            self._batch(json.loads(data))
        elif "/commit/" in path:
            self._commit(path, data)
        elif method == "GET":
            name = "/".join(path.split("/")[3:5])
            self._send(200, {"id": name, "sha": COMMIT, "private": hub.private, "siblings": []})
        else:
            self._send(404, {"error": f"no such path {path}"})

    def _file(self, name: str) -> None:
        """A file, or the range of it that is asked for."""
        if name not in self.hub.files:
            self._send(404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"})
            return
        data = self.hub.files[name]
        status, part, headers = 200, data, {"Accept-Ranges": "bytes"}
        if asked := re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", "")):
            start = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
            end = min(len(data), int(asked[2]) + 1) if asked[1] and asked[2] else len(data)
            status, part = 206, data[start:end]
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
        headers |= {"ETag": f'"{_oid(data, False)}"', "X-Repo-Commit": COMMIT}
        if self.command != "HEAD":
            self.hub.sent[name] += len(part)
        self._send_bytes(status, part, "application/octet-stream", headers)

    def _paths(self, data: bytes) -> None:
        """The files and folders of these names that exist."""
        asked = parse_qs(data.decode()).get("paths") or json.loads(data or b"{}").get("paths", [])
        found = []
        for name in asked:
            if name in self.hub.files:
                found.append(_entry(name, self.hub.files[name]))
            elif any(file.startswith(f"{name}/") for file in self.hub.files):
                found.append({"type": "directory", "path": name, "oid": "0" * 40})
        self._send(200, found)

    def _validate(self, body: dict[str, Any]) -> None:
        found = [*card_errors(body["content"]), *filter(None, [self.hub.refuses_card])]
        errors = [{"message": what} for what in found]
        self._send(400 if errors else 200, {"errors": errors, "warnings": []})

    def _preupload(self, body: dict[str, Any]) -> None:
        answers = []
        for file in body["files"]:
            name = file["path"]
            lfs = self.hub.lfs and name.endswith((".parquet", ".png"))
            answer = {"path": name, "uploadMode": "lfs" if lfs else "regular"}
            answer["shouldIgnore"] = False
            if name in self.hub.files:
                answer["oid"] = _oid(self.hub.files[name], lfs)
            answers.append(answer)
        self._send(200, {"files": answers})

    def _batch(self, body: dict[str, Any]) -> None:
        objects = []
        for item in body["objects"]:
            answer = {"oid": item["oid"], "size": item["size"]}
            if item["oid"] not in self.hub.objects:
                href = f"{self.hub.url}/objects/{item['oid']}"
                answer["actions"] = {"upload": {"href": href}}
            objects.append(answer)
        self._send(200, {"transfer": "basic", "objects": objects})

    def _object(self, oid: str, data: bytes) -> None:
        assert hashlib.sha256(data).hexdigest() == oid
        self.hub.objects[oid] = data
        self._send(200, {})

    def _commit(self, path: str, data: bytes) -> None:
        changed = []
        for line in data.splitlines():
            item = json.loads(line)
            value = item["value"]
            if item["key"] == "file":
                self.hub.files[value["path"]] = base64.b64decode(value["content"])
            elif item["key"] == "lfsFile":
                self.hub.files[value["path"]] = self.hub.objects[value["oid"]]
            elif item["key"] == "deletedFile":
                del self.hub.files[value["path"]]
            changed += [value["path"]] if "path" in value else []
        self.hub.commits.append(changed)
        number = f"{len(self.hub.commits):040x}"
        page = self.hub.url + path.removeprefix("/api").removesuffix("/main")
        self._send(200, {"commitUrl": f"{page}/{number}", "commitOid": number})

    def _send(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(data).encode(), "application/json", headers)

    def _send_bytes(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _entry(name: str, data: bytes) -> dict[str, Any]:
    return {"type": "file", "path": name, "size": len(data), "oid": _oid(data, False)}


def _oid(data: bytes, lfs: bool) -> str:
    if lfs:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@contextlib.contextmanager
def serve(**settings: Any) -> Iterator[Hub]:
    """Run the server on a free port of this machine for as long as the block lasts."""
    hub = Hub(**settings)
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
