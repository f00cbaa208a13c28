"""LLaMA-Factory's own parser and converter on an export."""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import sys
import types
from pathlib import Path


def read_with_llama_factory(source: Path) -> str:
    # Its package imports audio and model hubs, which the converter does not use.
    for name in ("torchaudio", "modelscope", "librosa", "av"):
        stub = types.ModuleType(name)
        stub.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules.setdefault(name, stub)
    parser = importlib.import_module("llamafactory.data.parser")
    converter = importlib.import_module("llamafactory.data.converter")
    names = list(json.loads((source / "dataset_info.json").read_text()))
    read = 0
    for found in parser.get_dataset_list(names, str(source)):
        convert = converter.get_dataset_converter(
            found.formatting, found, types.SimpleNamespace(media_dir=str(source))
        )
        for row in json.loads((source / found.dataset_name).read_text()):
            made = convert(row)
            (picture,) = made["_images"]
            assert Path(picture).is_file(), picture
            assert made["_prompt"][0]["content"].count("<image>") == 1
            assert made["_response"][0]["content"] == row["conversations"][-1]["value"]
            read += 1
    assert read, "no row was read"
    return f"LLaMA-Factory: {read} rows of {', '.join(names)}"
