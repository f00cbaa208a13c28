"""Do charts contradict themselves? The rules of `vary_data.quality.chart_coherence` over random
charts and over built-in records.

    python benchmarks/chart_content.py --random 5000 --records 2000
    python benchmarks/chart_content.py --lang de fr --random 2000

Prints how many charts break each rule, with examples; exit code 1 if any does.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from renderers.charts.catalog import CATALOG
from vary_data.quality.chart_coherence import RULES, WORD_RULES, broken_rules
from vary_data.sources.builtin.records import builtin_content
from vary_data.sources.builtin.topics import topics
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.random_content import whole_content
from vary_data.sources.corpus import built_in, chart_languages

LANGUAGES = ("en", "zh")
"""By default, and those that have built-in topics."""
MAX_EXAMPLES = 4
LEAST_SECOND_TITLES = 10
"""Different titles of the second axis that many charts must have."""


def random_charts(count: int, languages: Sequence[str]) -> Iterator[ChartContent]:
    """Types and languages take turns."""
    types = tuple(CATALOG)
    for number in range(count):
        rng = np.random.default_rng([17, number])
        corpus = built_in(languages[number % len(languages)])
        yield whole_content(types[number // len(languages) % len(types)], corpus, rng)


def record_charts(count: int, languages: Sequence[str]) -> Iterator[ChartContent]:
    for number in range(count):
        lang = languages[number % len(languages)]
        rng, notation = np.random.default_rng([18, number]), np.random.default_rng([19, number])
        yield builtin_content(number // len(languages), lang, rng, notation)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--random", type=int, default=5000)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--lang", nargs="+", choices=chart_languages(), default=LANGUAGES)
    arguments = parser.parse_args()
    failed = False
    # Built-in topics are in these languages only.
    with_topics = [lang for lang in arguments.lang if lang in LANGUAGES]
    topic_titles = {topic.title for lang in with_topics for topic in topics(lang)}
    sources = {
        "random charts": random_charts(arguments.random, arguments.lang),
        "records": record_charts(arguments.records if with_topics else 0, with_topics),
    }
    for name, charts in sources.items():
        start, total = time.perf_counter(), 0
        broken: Counter[str] = Counter()
        second_titles = set()
        for content in charts:
            total += 1
            second_titles.add(content.second_title)
            # Records on a topic have words of the topic.
            of_words = content.topic not in topic_titles
            for rule in broken_rules(content, built_in(content.lang), of_words=of_words):
                broken[rule] += 1
                if broken[rule] <= MAX_EXAMPLES:
                    print(f"  {rule}: {content.types[0]} | {content.title} | {content.source} | "
                          f"{content.value_title} | {content.category_title}")  # fmt: skip
        print(f"{name}: {total:,} in {time.perf_counter() - start:.0f} s")
        for rule in (*RULES, *WORD_RULES):
            print(f"  {broken[rule]:6,} break: {rule}")
        if total >= 1000 and len(second_titles) < LEAST_SECOND_TITLES:
            print(f"  only {len(second_titles)} different titles of second axes")
            failed = True
        failed = failed or bool(broken)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
