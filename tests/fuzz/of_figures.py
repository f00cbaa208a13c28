"""Rows of figures of several charts, in any language: the first line is the dict, then `meta`."""

from __future__ import annotations

import contextlib
import json
import random
from typing import Any

from renderers.rejected import Rejected
from tests.fuzz.mutate import choices
from vary_data.base.literals import literal
from vary_data.dataset.schema import REGION
from vary_data.generators.chart_crops import panel_at, panel_places
from vary_data.quality.validate.truth import check_truth
from vary_data.targets.registry import FORMS
from vary_data.targets.target import target_text, targets

LANGUAGES = ("en", "zh", "de", "fr", "ru", "ja", "ar", "hi", "xx", "")
FORMS_OF_CHARTS = sorted(form for form in FORMS if "chart" in FORMS[form].writers)
ROLES = ("mark", "value", "title", "x_tick", "y_tick", "annotation", "word")
EMPTY: dict[str, Any] = {field.name: None for field in REGION}


def figure_of_charts(data: bytes) -> None:
    """Validate it, cut its panels, and write it in other forms."""
    text, _, meta = data.decode(errors="replace").partition("\n")
    rng = choices(data)
    row = {
        "id": "a", "text": text, "format": "dict", "kind": "chart", "meta": meta, "messages": [],
        "lang": rng.choice(LANGUAGES), "width": 90, "height": 60, "regions": regions(text, rng),
    }  # fmt: skip
    facts = read(meta)
    list(check_truth(row, facts if isinstance(facts, dict) else {}))
    for index in panel_places(row["regions"], 0):
        with contextlib.suppress(Rejected):
            panel_at(row, index)
    for form in rng.sample(FORMS_OF_CHARTS, 4):
        with contextlib.suppress(Rejected):
            target_text(row, form)
    with contextlib.suppress(Rejected):
        targets(row, "questions", count=3)


def regions(text: str, rng: random.Random) -> list[dict[str, Any]]:
    """A figure with a region for each panel and some texts; names and places are often wrong."""
    try:
        names = [str(name) for name in literal(text)["panels"]]
    except (ValueError, TypeError, KeyError, IndexError):
        names = ["A", "B"]
    figure = {"role": "chart", "text": "", "bbox": [0.0, 0.0, 90.0, 60.0]}
    panels = [
        {"role": "chart", "text": name, "parent": 0, "bbox": [1.0, 1.0, 40.0, 50.0]}
        for name in names
    ]
    words = text.replace("'", " ").split(" ")[:100]
    parts = [
        {
            "role": rng.choice(
                ("mark", "value", "title", "x_tick", "y_tick", "annotation", "word")
            ),
            "text": word,
            "parent": rng.choice((None, 0, 1, 2, len(words), 2**31 - 1)),
            "bbox": [float(rng.randrange(90)) for _ in range(4)],
        }
        for word in words
    ]
    return [{**EMPTY, "order": i, **r} for i, r in enumerate((figure, *panels, *parts))]


def read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
