"""An OpenAI-compatible server for a model: that of transformers, with Vary among its models.

`transformers serve` looks up the classes of a model by their names in transformers itself, also
with `--trust-remote-code`. Here they are added to it first.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from trainer.errors import RunError, SettingsError, WeightsError
from trainer.model import VaryConfig, VaryForConditionalGeneration
from trainer.model.chat_template import CHAT_TEMPLATES
from trainer.training.run import model_folder
from trainer.weights import lora
from trainer.weights.files import INDEXES, WEIGHT_FILES
from trainer.weights.folders import read_model_config, read_processor

PACKAGES = "pip install 'vary-data[serve]'"
SERVED = ("config.json", "generation_config.json", *WEIGHT_FILES, *INDEXES)
"""Files of a model folder that are served as they are. This project writes the others itself, so
that nothing in a foreign folder is run."""


def serve(
    model: Path, name: str = "vary", host: str = "localhost", port: int = 8000, device: str = "auto"
) -> None:
    """Answer requests of OpenAI's chat API until the process is interrupted.

    Args:
        model: A run, a checkpoint or a model folder.
        name: What requests call the model.
        host: The address to listen at.
        port: The port to listen at.
        device: `auto`, `cpu`, `cuda`, …

    Raises:
        RunError: there is no model, or it has adapters that are not merged.
        WeightsError: it cannot be read, or is not a Vary model.
        SettingsError: packages of the server are not installed, or the name is no file name.
    """
    folder = model_folder(model).resolve()
    if (folder / lora.CONFIG).exists():
        raise RunError(
            f"{folder} has adapters, and a server needs a whole model",
            f"write one with `vary-train merge {model} OUT`",
        )
    if name in ("", ".", "..") or not name.replace("-", "").replace(".", "").isalnum():
        raise SettingsError(f"--name is {name!r}", "use letters, digits, - and .")
    server = _server()
    register()
    _refuse_other_files()
    with TemporaryDirectory() as here:
        # requests name the model by its path, which should not be one of this computer
        served_folder(folder, Path(here, name))
        before = Path.cwd()
        os.chdir(here)
        try:
            server(force_model=name, host=host, port=port, device=device)
        finally:
            os.chdir(before)


def served_folder(folder: Path, target: Path) -> None:
    """Links to the weights and the config of a model, and its processor with our own template.

    The server runs the chat template of its folder for every request: a foreign one may never end.

    Raises:
        WeightsError: the folder cannot be read, or has no Vary model.
    """
    if not isinstance(config := read_model_config(folder), VaryConfig):
        raise WeightsError(
            f"{folder} has a {config.model_type} model", "convert it with vary-train convert"
        )
    processor = read_processor(folder)
    processor.chat_template = CHAT_TEMPLATES[processor.conversation]
    processor.save_pretrained(target)
    for pattern in SERVED:
        for file in folder.glob(pattern):
            (target / file.name).symlink_to(file)


def register() -> None:
    """Make transformers' server find Vary's class, as one that reads pictures and text."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    name = VaryForConditionalGeneration.__name__
    # not the module that was imported first: transformers has put another in its place
    setattr(import_module("transformers"), name, VaryForConditionalGeneration)
    MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES["vary"] = name


def _refuse_other_files() -> None:
    """Answer 400 to requests with pictures that are not in the request itself.

    transformers would open paths of this computer, and addresses of its network, for any client.
    """
    refused = import_module("fastapi").HTTPException
    handler = import_module("transformers.cli.serving.utils").BaseHandler
    parse = handler.get_processor_inputs_from_messages

    def parse_checked(messages: Any, modality: Any) -> Any:
        parsed = parse(messages, modality)
        parts = [p for message in parsed for p in message["content"] if isinstance(p, dict)]
        if any(not str(part["url"]).startswith("data:") for part in parts if "url" in part):
            raise refused(400, "send pictures as data: URLs (base64)")
        return parsed

    handler.get_processor_inputs_from_messages = staticmethod(parse_checked)


def _server() -> Any:
    """The class whose constructor runs the server."""
    from transformers.utils.import_utils import is_serve_available

    if not is_serve_available():
        raise SettingsError("the server needs fastapi, uvicorn, pydantic and openai", PACKAGES)
    try:
        return import_module("transformers.cli.serve").Serve
    except ImportError as error:
        raise SettingsError(f"the server cannot be imported ({error})", PACKAGES) from error
