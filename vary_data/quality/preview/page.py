"""Builds the preview page."""

from __future__ import annotations

from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.storage import Location
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.engine.writer import write_text
from vary_data.quality.html import asset, document
from vary_data.quality.preview.choose import choose, read
from vary_data.quality.preview.entry import entry, json_size, shortened

PICTURE_BYTES = 18 << 20
"""Limit of all pictures together; base64 adds a third, so a page has less than 30 MB."""
ONE_PICTURE_BYTES = 1 << 20
OTHER_BYTES = 4 << 20
"""Limit of everything else: texts, regions, conversations."""
PACKAGE = "vary_data.quality.preview"


def page(dataset: Dataset, count: int = 60, seed: int = 0) -> str:
    """A self-contained HTML page with `count` samples, a few of every configuration and type.

    Raises:
        SourceError: the dataset has no finished rows.
    """
    places = choose(dataset, count, seed)
    if not places:
        raise SourceError(f"{dataset.path} has no finished samples yet", "see `vary-data status`")
    share = min(ONE_PICTURE_BYTES, PICTURE_BYTES // len(places))
    data = {
        "title": dataset.path.resolve().name,
        "configs": [_facts(configuration) for configuration in dataset.configs],
        "samples": _bounded([entry(place, row, share) for place, row in read(places)]),
    }
    return document(
        f"{data['title']} · preview",
        asset("preview.html", PACKAGE),
        asset("theme.css") + asset("preview.css", PACKAGE),
        asset("preview.js", PACKAGE),
        data,
    )


def _bounded(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Samples with at most `OTHER_BYTES` besides their pictures: the largest ones are cut."""
    sizes = [json_size(sample) for sample in samples]
    left = OTHER_BYTES
    limit = 0
    for number, size in enumerate(sorted(sizes)):
        # All larger ones get an equal share of what is left.
        limit = left // (len(sizes) - number)
        if size > limit:
            return [
                shortened(sample, limit) if size > limit else sample
                for sample, size in zip(samples, sizes, strict=True)
            ]
        left -= size
    return samples


def write_preview(out: Location, target: Location, count: int = 60, seed: int = 0) -> None:
    """Write the page of the dataset in `out` to the file `target`.

    Raises:
        SourceError: `out` contains no dataset, or no finished rows.
        OutputError: the page cannot be written.
    """
    write_text(target, page(Dataset.open(out), count, seed))


def _facts(configuration: DatasetConfig) -> dict[str, Any]:
    return {
        "name": configuration.name,
        "samples": sum(configuration.count(s) for s in configuration.shards if s.finished),
    }
