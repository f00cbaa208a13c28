"""Rows of random charts, without drawing them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np

from renderers.charts.catalog import CATALOG, FORMS
from renderers.charts.drawing import Scale
from renderers.charts.precision import printed_steps
from renderers.charts.spec import ChartSpec, Points, Summary, Table
from renderers.charts.truth import literal, truth
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus


def scales_of(spec: ChartSpec) -> dict[str, Scale]:
    """Axes on which the values of a chart differ."""
    values: dict[str, list[float]] = {"x": [], "y": [], "y2": [], "key": []}
    match spec.data:
        case Points():
            points = [point for series in spec.data.series for point in series.points]
            values |= {"x": [p.x for p in points], "y": [p.y for p in points]}
            values["key"] = [figure for p in points for figure in p.figures]
        case Summary():
            values["y"] = [value for row in spec.data.rows for value in row]
        case Table():
            values["y"] = [value for series in spec.data.series for value in series.values]
            values["y2"] = list(spec.data.series[-1].values)
    tops = {axis: max(map(abs, found), default=1.0) or 1.0 for axis, found in values.items()}
    return {axis: Scale(0, top, 400) for axis, top in tops.items()}


@lru_cache
def chart_rows(
    count: int = 2,
    seed: int = 0,
    langs: tuple[str, ...] = ("en", "zh"),
    types: tuple[str, ...] = (),
) -> tuple[dict[str, Any], ...]:
    """`count` rows of every type (or of these) in each language, with steps where values are not
    printed."""
    rows = []
    for lang in langs:
        corpus = load_corpus(lang)
        for number, type_ in enumerate(sorted(types or CATALOG)):
            rng = np.random.default_rng([seed, number])
            for i in range(count):
                # No code is written for charts with missing values.
                spec = random_spec(type_, lang, corpus, rng, FORMS - {"missing"})
                scales = scales_of(spec)
                steps = printed_steps(spec, scales)
                values = [{"path": list(path), "mark": 0, "step": s} for path, s in steps.items()]
                rows.append(
                    {
                        "id": f"{type_}-{lang}-{i}",
                        "text": literal(truth(spec, scales)),
                        "kind": "chart",
                        "format": "dict",
                        "lang": lang,
                        "regions": [],
                        "meta": json.dumps({"type": type_, "values": values}),
                    }
                )
    return tuple(rows)
