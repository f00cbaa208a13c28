"""Converts a row to the JSON data of the preview's script, with its picture."""

from __future__ import annotations

import base64
import io
import json
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PIL import Image

from vary_data.base.errors import ToolMissing
from vary_data.base.literals import literal
from vary_data.dataset.rejection import Rejected
from vary_data.quality.preview.choose import RowPlace, chart_type
from vary_data.targets.registry import FORMS, QUESTIONS
from vary_data.targets.target import original, target_text, targets

MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SIDES = (2400, 1800, 1400, 1100, 850, 650, 480, 320, 200)
TEXT_LIMIT = 40_000
FORM_LIMIT = 8_000
"""Of each form: a page has twenty of them for each sample."""
SHOWN_QUESTIONS = 5


def entry(place: RowPlace, row: Mapping[str, Any], image_bytes: int) -> dict[str, Any]:
    """The JSON data of a row; pictures larger than `image_bytes` are scaled down."""
    image, background = picture(row["image"] or {}, image_bytes)
    return {
        "config": place.config,
        "split": place.split,
        "file": place.path.name,
        "id": row["id"],
        "kind": row["kind"],
        "type": chart_type(row["meta"]),
        "format": row["format"],
        "lang": row["lang"],
        "width": row["width"],
        "height": row["height"],
        "image": image,
        "ground": background,
        "regions": [_region(region) for region in row["regions"] or ()],
        "text": _bounded(row["text"] or ""),
        "truth": _parsed(row),
        "forms": _forms(row),
        "messages": [_message(message) for message in row["messages"] or ()],
        "about": _about(row),
        "meta": _meta(row["meta"]),
    }


def shortened(data: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The data of a row without boxes of words and with shorter texts, so that all but its picture
    has at most `limit` bytes as JSON. It is marked as `cut`."""
    made = {**data, "cut": True, "regions": [r for r in data["regions"] if r[4] != "word"]}
    if json_size(made) > limit:
        longest = max(limit // 16, 100)
        texts = [{**m, "text": _bounded(m["text"], longest)} for m in data["messages"][:4]]
        made.update(text=_bounded(data["text"], longest), messages=texts, truth=None)
    if json_size(made) > limit:
        made.update(meta={}, forms={})
    while json_size(made) > limit and made["regions"]:
        made["regions"] = made["regions"][: len(made["regions"]) // 2]
    return made


def json_size(data: Mapping[str, Any]) -> int:
    """The bytes of a row's data as JSON, without its picture."""
    return len(json.dumps({**data, "image": ""}, ensure_ascii=False).encode("utf-8", "replace"))


def picture(image: Mapping[str, Any], limit: int) -> tuple[str, str]:
    """A data URI of the picture and the color of its corner as CSS; both empty if damaged.

    The stored bytes are used if they fit the limit.
    """
    data = image.get("bytes") or b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=tuple(MIME)) as opened:
                mime = MIME[opened.format or ""]
                red, green, blue = opened.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
                if len(data) > limit:
                    data, mime = _smaller(opened.convert("RGB"), limit), MIME["WEBP"]
    except Exception:  # decoders raise many types; the page shows a note instead
        return "", ""
    uri = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    return uri, f"rgb({red} {green} {blue})"


def _smaller(image: Image.Image, limit: int) -> bytes:
    data = b""
    for side in SIDES:
        scaled = image.copy()
        scaled.thumbnail((side, side), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        scaled.save(stream, "WEBP", quality=82, method=2)
        data = stream.getvalue()
        if len(data) <= limit:
            break
    return data


def _region(region: Mapping[str, Any]) -> list[Any]:
    box = [round(value, 1) for value in region["bbox"]]
    return [*box, region["role"], _bounded(region["text"], 500)]


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    parts = message["content"]
    return {
        "role": message["role"],
        "image": any(part["type"] == "image" for part in parts),
        "text": _bounded("".join(part["text"] or "" for part in parts if part["type"] == "text")),
    }


def _parsed(row: Mapping[str, Any]) -> Any:
    """The truth of a chart as data; None for other formats and if it does not parse."""
    if row["format"] != "dict":
        return None
    try:
        truth = literal(row["text"])
        json.dumps(truth)
    except (ValueError, TypeError, RecursionError):
        return None
    return truth if isinstance(truth, dict) else None


def _forms(row: Mapping[str, Any]) -> dict[str, str]:
    """The text of a row in every form that it has, and some questions with their answers."""
    found = {}
    for form in FORMS:
        with suppress(Rejected, ToolMissing):
            found[form] = _bounded(target_text(original(row), form)[1], FORM_LIMIT)
    with suppress(Rejected):
        asked = targets(row, QUESTIONS, count=SHOWN_QUESTIONS)
        found[QUESTIONS] = "\n\n".join(f"{target.prompt}\n{target.text}" for target in asked)
    return found


def _about(row: Mapping[str, Any]) -> dict[str, str]:
    """Origin columns as strings: a seed has 64 bits, but a JavaScript number only 53."""
    names = ("doc_id", "source", "license", "renderer", "template", "seed", "attempt")
    return {name: str(row[name]) for name in names if row[name] not in (None, "")}


def _meta(meta: str | None) -> Any:
    try:
        return json.loads(meta or "{}")
    except ValueError:
        return {"unreadable": meta}


def _bounded(text: str, limit: int = TEXT_LIMIT) -> str:
    more = len(text) - limit
    return text if more <= 0 else f"{text[:limit]}\n… ({more:,} more characters)"
