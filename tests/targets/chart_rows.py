"""Rows of random charts, without drawing them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np

from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Scale
from renderers.charts.precision import printed_steps
from renderers.charts.truth import literal, truth
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

SCALES = {key: Scale(0, 1000, 400) for key in ("x", "y", "y2")}


@lru_cache
def chart_rows(count: int = 2, seed: int = 0) -> tuple[dict[str, Any], ...]:
    """`count` rows of every type in both languages, with steps where values are not printed."""
    rows = []
    for lang in ("en", "zh"):
        corpus = load_corpus(lang)
        for number, type_ in enumerate(sorted(CATALOG)):
            rng = np.random.default_rng([seed, number])
            for i in range(count):
                spec = random_spec(type_, lang, corpus, rng)
                steps = printed_steps(spec, SCALES)
                values = [{"path": list(path), "mark": 0, "step": s} for path, s in steps.items()]
                rows.append(
                    {
                        "id": f"{type_}-{lang}-{i}",
                        "text": literal(truth(spec, SCALES)),
                        "kind": "chart",
                        "format": "dict",
                        "lang": lang,
                        "regions": [],
                        "meta": json.dumps({"type": type_, "values": values}),
                    }
                )
    return tuple(rows)
