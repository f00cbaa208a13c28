"""Sentences of documentation in Debian packages, in the languages whose registry names one.

The package is used where it is installed; nothing of it is in this project.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from renderers.languages.registry import TextPackage, language
from vary_data.sources.prose.drawable import drawable_sentences
from vary_data.sources.prose.sentences import split_sentences
from vary_data.sources.scripts import in_script

MAX_FILE_BYTES = 4 << 20
MIN_SENTENCES = 200
"""A package with fewer is not used."""
_PARAGRAPH = re.compile(r'<(p|div class="para")[^>]*>(.*?)</(?:p|div)>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_UNTRANSLATED = re.compile(r"\b(?:the|and|with|your|you|this|for|which|from)\b", re.IGNORECASE)
_TECHNICAL = re.compile(r"[/\\<>|=#$_~{}@]|\w\.\w{2,}\b|\d\.\d")
"""Paths, addresses, commands and numbers of sections."""
MIN_SCRIPT = 0.8
"""Share of the letters that are in the script of the language."""


@cache
def package_sentences(lang: str) -> tuple[str, ...]:
    """The sentences of the language's package, in its order; none if it is not installed."""
    package = language(lang).texts
    if package is None:
        return ()
    found = [s for text in _paragraphs(package) for s in split_sentences(text, lang)]
    kept = list(dict.fromkeys(s for s in found if _natural(s, lang)))
    from renderers.fonts import families

    sentences: Sequence[str] = drawable_sentences(kept, families(lang), lang)[0]
    return tuple(sentences) if len(sentences) >= MIN_SENTENCES else ()


def _paragraphs(package: TextPackage) -> list[str]:
    folder = Path(package.folder)
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.glob(f"*{package.suffix}")):
        if path.stat().st_size > MAX_FILE_BYTES:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [html.unescape(_TAG.sub("", inner)) for _, inner in _PARAGRAPH.findall(text)]
    return found


def _natural(sentence: str, lang: str) -> bool:
    """Whether it is a whole translated sentence without technical names."""
    entry = language(lang)
    if entry.sentence_end and sentence.rstrip("”»」\"')")[-1:] not in entry.sentence_end:
        return False
    if _TECHNICAL.search(sentence) or _UNTRANSLATED.search(sentence) or "\ufffd" in sentence:
        return False
    if any(sentence.count(a) != sentence.count(b) for a, b in ("()", "«»", "“”", "「」", "[]")):
        return False
    if entry.direction == "rtl" and re.search("[A-Za-z]", sentence) and re.search(r"\d", sentence):
        return False  # numbers beside Latin words are shown in an order that confuses readers, too
    letters = [c for c in sentence if unicodedata.category(c)[0] == "L"]
    return sum(in_script(c, entry.script) for c in letters) >= MIN_SCRIPT * max(1, len(letters))
