"""Splits texts into words and into characters, in English and Chinese."""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from typing import Any

from trainer.evaluation.metrics.normalize import HAN, WIDE

_RUNS = re.compile(rf"[{HAN}]+|[{WIDE}]|[^\s{WIDE}]+")
_CHINESE = re.compile(rf"[{HAN}]")


def words(text: str) -> list[str]:
    """Words separated by white space; runs of Chinese characters are segmented by jieba.

    Punctuation stays with its Latin word, as in `str.split` (Nougat, GOT, Fox); each Chinese
    punctuation mark is one word. jieba uses only its dictionary and guesses no new words
    (`HMM=False`), so that a misread character changes only its own word. White space is never a
    word: `jieba.lcut` on a whole text, as in the public implementations, counts every space as one.
    """
    if not _CHINESE.search(text):
        return text.split()
    found: list[str] = []
    for run in _RUNS.findall(text):
        found += _segmented(run) if _CHINESE.match(run) else (run,)
    return found


def characters(text: str) -> list[str]:
    """Every character except white space, in any language."""
    return [character for character in text if not character.isspace()]


@lru_cache(maxsize=2**14)
def _segmented(run: str) -> tuple[str, ...]:
    """Cached, because truth and answer have most runs in common."""
    return tuple(_segmenter().lcut(run, HMM=False))


@cache
def _segmenter() -> Any:
    """jieba's segmenter with its own dictionary, kept in memory.

    By default jieba loads its tables from a world-writable cache file in the temporary folder.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its sources have invalid escape sequences
        import jieba
    segmenter = jieba.Tokenizer()
    with segmenter.get_dict_file() as dictionary:
        segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(dictionary)
    segmenter.initialized = True
    return segmenter
