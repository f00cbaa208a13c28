"""Adds the model's code to its weights, so that it loads where this package is not installed.

transformers runs Python files of a model's folder on `trust_remote_code=True`. It follows relative
imports between files of one folder only, so the modules of `trainer.model` and the errors that
they raise are written there flat, as `vary_modeling.py` and so on, with relative imports. Every
class is reached through one file, `vary.py`: transformers imports each entry file separately, and
classes from two entry files would not be the same.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

PROJECT_IMPORT = re.compile(
    r"^( *)from (trainer|trainer\.model|vary_data\.base)\.(\w+) import", re.MULTILINE
)
PREFIXES = {"trainer": "vary_", "trainer.model": "vary_", "vary_data.base": "vary_base_"}
"""Start of a file's name by the package of its module."""
ENTRY = '''"""Vary (arXiv 2312.06109), saved by vary-train.

AutoModelForImageTextToText.from_pretrained(FOLDER, trust_remote_code=True) reads it.
"""

from .vary_configuration import VaryConfig, VaryVisionConfig
from .vary_image_processing import VaryImageProcessor
from .vary_modeling import VaryForConditionalGeneration, VaryModel
from .vary_processing import VaryProcessor
from .vary_vision import VaryVisionModel

# transformers writes the module of a class to `auto_map` when a loaded model is saved again
for saved in (VaryConfig, VaryVisionConfig, VaryImageProcessor, VaryForConditionalGeneration,
              VaryModel, VaryProcessor, VaryVisionModel):
    saved.__module__ = __name__
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
"""The class of each Auto class, by the model type in `config.json`."""
IMAGE_PROCESSOR = {"AutoImageProcessor": "VaryImageProcessor"}
PROCESSOR = {"AutoProcessor": "VaryProcessor"}


def add_code(folder: Path) -> None:
    """Make a folder written by `save_pretrained` loadable without this package.

    Raises:
        OSError: the folder cannot be written.
    """
    for name, text in sources().items():
        (folder / name).write_text(text, encoding="utf-8")
    config = _read(folder / "config.json")
    _add_auto_map(folder / "config.json", config, CLASSES[config["model_type"]])
    if (folder / "preprocessor_config.json").exists():
        file = folder / "preprocessor_config.json"
        _add_auto_map(file, _read(file), IMAGE_PROCESSOR)
    if (folder / "processor_config.json").exists():
        file = folder / "processor_config.json"
        processor = _read(file)
        processor["image_processor"]["auto_map"] = _references(IMAGE_PROCESSOR)
        _add_auto_map(file, processor, PROCESSOR)


def sources() -> dict[str, str]:
    """The files by name: `vary.py`, the modules of `trainer.model`, and their errors."""
    files = {"vary.py": ENTRY}
    for package in PREFIXES:
        for module in sorted(resources.files(package).iterdir(), key=lambda m: m.name):
            wanted = package == "trainer.model" or module.name == "errors.py"
            if wanted and module.name.endswith(".py") and module.name != "__init__.py":
                text = PROJECT_IMPORT.sub(_relative, module.read_text(encoding="utf-8"))
                files[f"{PREFIXES[package]}{module.name}"] = text
    return files


def _relative(match: re.Match[str]) -> str:
    indent, package, module = match.groups()
    return f"{indent}from .{PREFIXES[package]}{module} import"


def _references(classes: dict[str, str]) -> dict[str, str]:
    return {auto: f"vary.{name}" for auto, name in classes.items()}


def _add_auto_map(file: Path, tree: dict[str, Any], classes: dict[str, str]) -> None:
    text = json.dumps(tree | {"auto_map": _references(classes)}, indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tree
