"""The library webdataset on an export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def read_with_webdataset(source: Path, truths: Mapping[str, str]) -> str:
    """Compare every sample with the text of its row; `truths` are the texts by row id."""
    import webdataset

    read = {}
    for tar in sorted(source.glob("*.tar")):
        for sample in webdataset.WebDataset(str(tar), shardshuffle=False).decode("pil"):
            facts = sample["json"]
            picture = next(sample[ending] for ending in ("png", "jpg", "webp") if ending in sample)
            assert picture.size == (facts["width"], facts["height"]), sample["__key__"]
            read[facts["id"]] = sample["txt"]
    assert read == truths, "the samples are not the rows"
    return f"webdataset: {len(read)} samples"
