"""A child process that reads font files, which may be hostile: their faces, names and characters.

Run as `python -m renderers.font_file SECONDS`. A request is a line of JSON with a path, an answer
is a line of JSON with the faces of the file or a reason. The child dies of SIGPROF when a file
takes more processor time than that; it has a limit on memory and writes no file. What passes here
can be read in a worker: the same code reads the same bytes.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

from fontTools.ttLib import TTCollection, TTFont

from renderers.fonts import Face, coverage
from renderers.languages.registry import languages

MEMORY_BYTES = 2 << 30
"""Address space, libraries included."""
MAX_FACES = 64
"""Of one file."""
MAX_NAME = 60
"""Characters of a family's name."""
MAX_DETAIL = 120
OUTLINES = ("glyf", "CFF ", "CFF2")

_SERIF_WORDS = ("serif", "song", "ming", "fangsong", "roman", "times", "宋", "明")
_KAI_WORDS = ("kai", "楷", "script", "hand", "brush")


def faces(path: str) -> list[dict[str, Any]]:
    """The faces of a font file that can be drawn with, each a plain value.

    `name` is the family (at most a regular, a bold and two italic faces share one), `style` as in
    `renderers.fonts.Family`, `languages` those that it can write.

    Raises:
        ValueError: the file has no face with outlines, or too many.
        Exception: whatever fontTools and FreeType raise for a broken file.
    """
    found = []
    for index in _indices(path):
        with TTFont(path, fontNumber=index, lazy=True) as font:
            if not any(table in font for table in OUTLINES):
                continue
            entry = {"index": index, **_described(font)}
        known = coverage(Face(path, index))
        _load(path, index)
        languages_ = [
            tag for tag, entry in languages().items() if known >= set(map(ord, entry.needed))
        ]
        found.append({**entry, "languages": languages_})
    if not found:
        raise ValueError("it has no outlines of letters")
    return found


def _indices(path: str) -> range:
    with open(path, "rb") as file:  # noqa: PTH123 - a plain path
        if file.read(4) != b"ttcf":
            return range(1)
    with TTCollection(path, lazy=True) as collection:
        count = len(collection.fonts)
    if count > MAX_FACES:
        raise ValueError(f"it has {count} faces, more than {MAX_FACES}")
    return range(count)


def _load(path: str, index: int) -> None:
    """Draw a letter as the charts do: FreeType must be able to read the file, too."""
    from matplotlib.ft2font import FT2Font

    font = FT2Font(path, face_index=index)
    font.set_size(20, 72)
    font.set_text("A1")


def _described(font: TTFont) -> dict[str, Any]:
    """The family's name as legacy programs group faces (name 1), and the look of the face.

    Raises:
        ValueError: the face has no name.
    """
    name = _clean(str(font["name"].getDebugName(1) or ""))
    if not name:
        raise ValueError("a face has no name of its family")
    mac, selection, panose = font["head"].macStyle, 0, None
    if "OS/2" in font:
        selection, panose = font["OS/2"].fsSelection, font["OS/2"].panose
    # What the browser measures lines with; charts read the advances.
    for table in ("hhea", "hmtx", "maxp"):
        font[table]
    fixed = "post" in font and bool(font["post"].isFixedPitch)
    return {
        "name": name,
        "bold": bool(selection & 32 or mac & 1),
        "italic": bool(selection & 1 or mac & 2),
        "style": _style(name.lower(), fixed, panose),
    }


def _clean(name: str) -> str:
    """A name that can be quoted in CSS and shown on a terminal."""
    kept = "".join(c for c in name if c.isprintable() and c not in "\"'\\,;{}<>")
    return " ".join(kept.split())[:MAX_NAME].strip()


def _style(name: str, fixed: bool, panose: Any) -> str:
    if fixed or "mono" in name:
        return "mono"
    if "sans" in name or "hei" in name or "黑" in name:
        return "sans"
    if any(word in name for word in _KAI_WORDS):
        return "kai"
    if any(word in name for word in _SERIF_WORDS):
        return "serif"
    latin_text = 2
    if panose is not None and panose.bFamilyType == latin_text:
        first_serif, last_serif = 2, 10  # of Panose's serif styles; 11 to 15 have none
        return "serif" if first_serif <= panose.bSerifStyle <= last_serif else "sans"
    return "sans"


def _answers(requests: Iterator[str], seconds: float) -> Iterator[dict[str, Any]]:
    for line in requests:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer: dict[str, Any] = {"faces": faces(json.loads(line))}
        except MemoryError:
            answer = {"detail": "reading it takes too much memory"}
        except Exception as error:  # fontTools raises any exception for a broken file
            answer = {"detail": f"{type(error).__name__}: {error}"[:MAX_DETAIL]}
        signal.setitimer(signal.ITIMER_PROF, 0)
        yield answer


def _serve(seconds: float) -> None:
    importlib.import_module("matplotlib.ft2font")  # before the limits: it loads libraries
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries may print
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # macOS has no limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for answer in _answers(iter(sys.stdin.readline, ""), seconds):
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve(float(sys.argv[1]))
