"""Splits texts into words and into characters, by the scripts in them."""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from typing import Any

from trainer.evaluation.metrics.normalize import HAN, WIDE

THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_CLUSTER = "[\u0e40-\u0e44]?[\u0e01-\u0e2f\u0e45\u0e46][\u0e30-\u0e3a\u0e47-\u0e4e]*"
_RUNS = re.compile(rf"[{HAN}]+|[{WIDE}]|{_CLUSTER}|[{THAI}]|[^\s{WIDE}{THAI}]+")
_CHINESE = re.compile(rf"[{HAN}]")
_UNSPACED = re.compile(rf"[{HAN}\u3041-\u30ff{THAI}]")


def words(text: str) -> list[str]:
    """Words separated by white space; runs of Chinese characters are segmented by jieba, kana count
    one by one, and so do Thai letters with their vowels and tones.

    Punctuation stays with its Latin word, as in `str.split` (Nougat, GOT, Fox); each Chinese
    punctuation mark is one word. jieba uses only its dictionary and guesses no new words
    (`HMM=False`), so that a misread character changes only its own word. White space is never a
    word: `jieba.lcut` on a whole text, as in the public implementations, counts every space as one.
    """
    if not _UNSPACED.search(text):
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
