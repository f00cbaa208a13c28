"""COCO-Text: which pictures of COCO show text (Veit et al. 2016, https://arxiv.org/abs/1601.07140)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.sources.files import read_annotations


def pictures_with_text(source: str) -> frozenset[str]:
    """The file names of pictures with at least one legible text.

    `source` is `COCO_Text.json` (`imgs`, `anns` and `imgToAnns` by id) or `cocotext.v2.json`, whose
    names have the prefix `COCO_train2014_` of COCO 2014; COCO 2017 has the same pictures without.

    Raises:
        SourceError: the file is missing or has other content.
    """
    path = Path(source).expanduser()
    if not path.is_file():
        raise SourceError(f"{path} does not exist", "give the annotations of COCO-Text")
    content: Any = read_annotations(path, path.parent)
    try:
        pictures: Mapping[str, Any] = content["imgs"]
        legible = {
            str(note["image_id"])
            for note in content["anns"].values()
            if note.get("legibility", "legible") == "legible"
        }
        names = {str(pictures[key]["file_name"]) for key in legible if key in pictures}
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            f"{path} is not an annotation file of COCO-Text ({error!r})", "download it again"
        ) from error
    return frozenset(names | {name.rpartition("_")[2] for name in names})
