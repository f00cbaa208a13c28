"""Write the statistic of `renderers/pdf/continuity.py`: which word follows which.

    python scripts/write_row_joins.py --en FOLDER_OR_PDF … --zh FOLDER_OR_PDF …

English is counted in running text of the PDF files (Debian's documentation), Chinese likewise and
in the words of jieba's dictionary. Only counts of word classes and of pairs of characters are
stored, no text.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pymupdf
import wordfreq

from renderers.pdf import continuity
from renderers.pdf.continuity import ENDINGS, SCORES, STEP, ZERO, left_class, right_class
from renderers.pdf.language import detect

WORDS = 220
"""English words with a class of their own."""
PAGES = 40
"""Of a document, spread evenly, so that no long manual dominates."""
MIN_BLOCK_WORDS = 12
CLIP = 2.4
"""Largest score, in nats."""
SMOOTHING = 8.0
"""Counts of the independent model that are added to each pair."""
PAIRS = 20_000
"""Of Chinese characters."""
HELD_OUT = 0.8
"""Chinese text after this share is not counted: other documents, to measure the known share."""
HAN = re.compile(r"[\u3400-\u9fff]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--en", nargs="+", type=Path, required=True)
    parser.add_argument("--zh", nargs="+", type=Path, required=True)
    arguments = parser.parse_args()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    english = [b for b in blocks(arguments.en, "en") if len(b.split()) >= MIN_BLOCK_WORDS]
    chinese = list(blocks(arguments.zh, "zh"))
    stored = {"en": english_joins(english), "zh": chinese_joins(chinese)}
    SCORES.write_text(json.dumps(stored, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(
        f"{len(english)} English and {len(chinese)} Chinese blocks, {SCORES.stat().st_size} bytes"
    )


def blocks(sources: Sequence[Path], lang: str) -> Iterator[str]:
    """The text of each block of the pages in `lang`, rows joined."""
    files = [p for s in sources for p in (sorted(s.rglob("*.pdf")) if s.is_dir() else [s])]
    for path in files:
        try:
            document = pymupdf.open(path)
            count = document.page_count
            for index in sorted({count * i // PAGES for i in range(PAGES)} if count else ()):
                page = document[index]
                if detect(page.get_text()) != lang:
                    continue
                joiner = "" if lang == "zh" else " "
                for block in page.get_text("blocks", flags=0):
                    if block[6] == 0:
                        rows = [row.strip() for row in block[4].split("\n") if row.strip()]
                        yield re.sub("- (?=[a-z])", "", joiner.join(rows))
        except Exception as error:
            print(f"{path}: {error}")


def english_joins(texts: Sequence[str]) -> dict[str, object]:
    common = [word for word in wordfreq.top_n_list("en", 2 * WORDS) if word.isalpha()]
    words = sorted(common[:WORDS])
    continuity._words.cache_clear()
    continuity._stored.cache_clear()
    SCORES.write_text(json.dumps({"en": {"words": " ".join(words)}}), "utf-8")
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        tokens = text.split()
        pairs.update((left_class(a), right_class(b)) for a, b in pairwise(tokens))
    groups = ["#", "1", "x-", "-", *("-" + e for e in ENDINGS), "^a", "^A"]
    left = [*".,:)", *groups, *words, *("^" + w for w in words)]
    right = ["(", *groups, *words, *("^" + w for w in words)]
    lefts: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    for (a, b), count in pairs.items():
        lefts[a] += count
        rights[b] += count
    total = pairs.total()
    rows = []
    for a in left:
        row = ""
        for b in right:
            expected = (rights[b] + 0.5) / total
            found = (pairs[a, b] + SMOOTHING * expected) / (lefts[a] + SMOOTHING)
            row += letter(math.log(found / expected))
        rows.append(row)
    return {"words": " ".join(words), "left": " ".join(left), "right": " ".join(right),
            "scores": rows}  # fmt: skip


def chinese_joins(texts: Sequence[str]) -> dict[str, object]:
    pairs: Counter[tuple[str, str]] = Counter()
    held_out: Counter[tuple[str, str]] = Counter()
    for number, text in enumerate(texts):
        found = [(a, b) for a, b in pairwise(text) if HAN.match(a) and HAN.match(b)]
        (held_out if number > HELD_OUT * len(texts) else pairs).update(found)
    for word, count in dictionary():
        pairs.update({pair: count for pair in pairwise(word) if all(map(HAN.match, pair))})
    lefts: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    for (a, b), count in pairs.items():
        lefts[a] += count
        rights[b] += count
    total = pairs.total()
    scored = {
        (a, b): (n, math.log(n * total / (lefts[a] * rights[b])))
        for (a, b), n in pairs.items()
        if n > 1
    }
    useful = sorted((p for p in scored if scored[p][1] > STEP), key=lambda p: -scored[p][0])[:PAIRS]
    known = sum(held_out[p] for p in useful) / held_out.total()
    by_chance = sum(lefts[a] * rights[b] for a, b in useful) / total**2
    followers: dict[str, str] = {}
    for a, b in sorted(useful):
        followers[a] = followers.get(a, "") + b + letter(scored[a, b][1])
    unknown = math.log((1 - known) / (1 - by_chance))
    print(f"Chinese: {known:.0%} of the pairs are known, {by_chance:.1%} of random ones")
    return {"unknown": round(unknown, 2), "scores": followers}


def dictionary() -> Iterator[tuple[str, int]]:
    """Words of jieba's dictionary with a weight that lets text and dictionary count alike."""
    from vary_data.sources.corpus import _jieba_entries

    for word, count, _ in _jieba_entries():
        if count >= 50:
            yield word, max(1, count // 50)


def letter(score: float) -> str:
    return chr(ZERO + round(max(-CLIP, min(CLIP, score)) / STEP))


if __name__ == "__main__":
    main()
