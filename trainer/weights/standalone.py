"""The model's code beside its weights, so that it loads where this package is not installed.

transformers runs Python files of a model's folder on `trust_remote_code=True`. It follows relative
imports between files of one folder only, so the modules of `trainer.model` are written there flat,
as `vary_modeling.py` and so on, with their imports of each other made relative. Everything is
reached through one file, `vary.py`: transformers copies and imports each entry file apart, and
classes from two of them would not know each other.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

OWN_IMPORT = re.compile(r"^( *)from trainer\.(?:model\.)?(\w+) import", re.MULTILINE)
ENTRY = '''"""Vary (arXiv 2312.06109), as vary-train saved it.

AutoModelForImageTextToText.from_pretrained(FOLDER, trust_remote_code=True) reads it.
"""

from .vary_configuration import VaryConfig, VaryVisionConfig
from .vary_image_processing import VaryImageProcessor
from .vary_modeling import VaryForConditionalGeneration, VaryModel
from .vary_processing import VaryProcessor
from .vary_vision import VaryVisionModel
'''
CLASSES = {
    "vary": {
        "AutoConfig": "VaryConfig",
        "AutoModel": "VaryModel",
        "AutoModelForImageTextToText": "VaryForConditionalGeneration",
        "AutoModelForCausalLM": "VaryForConditionalGeneration",
    },
    "vary_vision": {"AutoConfig": "VaryVisionConfig", "AutoModel": "VaryVisionModel"},
}
"""The class behind each Auto class, by the model type in `config.json`."""
IMAGE_PROCESSOR = {"AutoImageProcessor": "VaryImageProcessor"}
PROCESSOR = {"AutoProcessor": "VaryProcessor"}


def add_code(folder: Path) -> None:
    """Make a folder that `save_pretrained` wrote load without this package.

    Raises OSError where it cannot be written.
    """
    for name, text in sources().items():
        (folder / name).write_text(text, encoding="utf-8")
    config = _read(folder / "config.json")
    _name(folder / "config.json", config, CLASSES[config["model_type"]])
    if (folder / "preprocessor_config.json").exists():
        file = folder / "preprocessor_config.json"
        _name(file, _read(file), IMAGE_PROCESSOR)
    if (folder / "processor_config.json").exists():
        file = folder / "processor_config.json"
        processor = _read(file)
        processor["image_processor"]["auto_map"] = _references(IMAGE_PROCESSOR)
        _name(file, processor, PROCESSOR)


def sources() -> dict[str, str]:
    """The files by name: `vary.py` and a module for each of `trainer.model`."""
    package = resources.files("trainer")
    modules = [*(package / "model").iterdir(), package / "errors.py"]
    files = {"vary.py": ENTRY}
    for module in sorted(modules, key=lambda m: m.name):
        if module.name.endswith(".py") and module.name != "__init__.py":
            text = module.read_text(encoding="utf-8")
            files[f"vary_{module.name}"] = OWN_IMPORT.sub(r"\1from .vary_\2 import", text)
    return files


def _references(classes: dict[str, str]) -> dict[str, str]:
    return {auto: f"vary.{name}" for auto, name in classes.items()}


def _name(file: Path, tree: dict[str, Any], classes: dict[str, str]) -> None:
    text = json.dumps(tree | {"auto_map": _references(classes)}, indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tree
