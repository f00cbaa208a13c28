"""Texts as words and as characters, in English and Chinese."""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from typing import Any

from trainer.evaluation.metrics.normalize import HAN, WIDE

_RUNS = re.compile(rf"[{HAN}]+|[{WIDE}]|[^\s{WIDE}]+")
_CHINESE = re.compile(rf"[{HAN}]")


def words(text: str) -> list[str]:
    """What stands between white space; runs of Chinese characters are cut into jieba's words.

    Punctuation stays with its Latin word, as `str.split` leaves it (Nougat, GOT, Fox); Chinese
    punctuation marks are words of their own. jieba cuts by its dictionary alone, without guessing
    new words (`HMM=False`): a misread character spoils its own word and none beside it. White
    space is never a word: `jieba.lcut` on a whole text, which the public codes use, counts every
    space as one.
    """
    if not _CHINESE.search(text):
        return text.split()
    found: list[str] = []
    for run in _RUNS.findall(text):
        found += _cut(run) if _CHINESE.match(run) else (run,)
    return found


def characters(text: str) -> list[str]:
    """Every character but white space, in any language."""
    return [character for character in text if not character.isspace()]


@lru_cache(maxsize=2**14)
def _cut(run: str) -> tuple[str, ...]:
    """Kept for a while, because most of an answer stands in its truth as well."""
    return tuple(_segmenter().lcut(run, HMM=False))


@cache
def _segmenter() -> Any:
    """jieba's segmenter with its own dictionary, kept in memory.

    By itself jieba keeps its tables in a file that anybody may have laid in the temporary folder.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its sources hold invalid escapes
        import jieba
    segmenter = jieba.Tokenizer()
    with segmenter.get_dict_file() as dictionary:
        segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(dictionary)
    segmenter.initialized = True
    return segmenter
