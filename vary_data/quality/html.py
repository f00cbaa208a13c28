"""Self-contained HTML pages that open from disk and never access the network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib import resources
from typing import Any

escape = html.escape


def asset(name: str, package: str = "vary_data.quality") -> str:
    """A text file that is installed with this package."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def document(title: str, body: str, css: str, js: str = "", data: Any = None) -> str:
    """A complete page; `js` finds `data` as JSON in the element `data`.

    The content security policy allows only this style and this script, by their hashes, and
    pictures inside the page, so the texts of a dataset cannot run or load anything.
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src {_hash(css)}",
            f"script-src {_hash(js)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{css}</style>",
        body,
    ]
    if data is not None:
        parts.append(f'<script type="application/json" id="data">{embedded(data)}</script>')
    if js:
        parts.append(f"<script>{js}</script>")
    return "\n".join(parts) + "\n"


def embedded(data: Any) -> str:
    """JSON that is safe inside a script element, whatever its strings contain."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # UTF-8 cannot encode a lone surrogate; it becomes the replacement character.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
