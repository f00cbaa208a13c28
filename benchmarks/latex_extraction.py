"""Measure which share of real LaTeX sources becomes blocks, and why the rest is rejected.

python benchmarks/latex_extraction.py --src FOLDER [--lang en|zh] [--verbose]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from vary_data.sources.arxiv import DocumentRejected, Extraction, find_documents, read_document

KINDS = ("text", "formula", "table", "heading", "list", "reference")
COUNTED = ("text", "formula", "table")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--src", type=Path, required=True)
    parser.add_argument("--lang", choices=("en", "zh"))
    parser.add_argument("--verbose", action="store_true", help="print every rejected block")
    options = parser.parse_args()

    kept: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    commands: Counter[str] = Counter()
    rejected_documents: Counter[str] = Counter()
    documents = list(find_documents(options.src))
    print(f"{'document':28} {'s':>5} " + " ".join(f"{kind:>11}" for kind in KINDS) + "  other")
    for document in documents:
        path = document.path
        if document.problem:
            rejected_documents[document.problem] += 1
            print(f"{document.name:28} rejected: {document.problem}: {document.detail}")
            continue
        start = time.perf_counter()
        try:
            extraction = read_document(path, options.lang, part=document.part)
        except DocumentRejected as error:
            rejected_documents[error.reason] += 1
            print(f"{document.name:28} rejected: {error.reason}: {error}")
            continue
        seconds = time.perf_counter() - start
        rejected = Counter(one.kind for one in extraction.rejected)
        kept.update(extraction.counts)
        lost.update(rejected)
        for one in extraction.rejected:
            reasons[f"{one.kind}: {one.reason}"] += 1
            if one.reason.startswith("unknown-"):
                commands[one.detail] += 1
        print_line(document.name, seconds, extraction, rejected)
        if options.verbose:
            for one in extraction.rejected:
                print(
                    f"    {one.kind:8} {one.reason:18} {one.detail[:40]!r:42} {one.snippet[:100]}"
                )
    print(
        f"\ndocuments: {len(documents)} in, "
        f"{sum(rejected_documents.values())} rejected {dict(rejected_documents)}"
    )
    for kind in KINDS:
        total = kept[kind] + lost[kind]
        print(f"{kind:8} {kept[kind]:6} of {total:6} kept ({share(kept[kind], total)})")
    total_kept = sum(kept[kind] for kind in COUNTED)
    total = total_kept + sum(lost[kind] for kind in COUNTED)
    print(f"text, formula and table blocks together: {share(total_kept, total)}")
    print("\nrejected by reason")
    for reason, number in reasons.most_common(40):
        print(f"  {number:6} {reason}")
    print("\nunknown commands and environments")
    for command, number in commands.most_common(40):
        print(f"  {number:6} {command}")


def print_line(name: str, seconds: float, extraction: Extraction, rejected: Counter[str]) -> None:
    cells = " ".join(
        f"{extraction.counts[kind]:5}/{extraction.counts[kind] + rejected[kind]:<5}"
        for kind in KINDS
    )
    other = sum(number for kind, number in rejected.items() if kind not in KINDS)
    print(f"{name:28} {seconds:5.2f} {cells}  {other}  ({extraction.document.lang})")


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


if __name__ == "__main__":
    main()
