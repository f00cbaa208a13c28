"""Saves only the vocabulary network, the purpose of training Vary-tiny."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from trainer.errors import RunError, WeightsError
from trainer.model import VaryConfig, VaryVisionConfig, VaryVisionModel
from trainer.training.run import model_folder
from trainer.weights import got_ocr2
from trainer.weights.assemble import load_vocabulary
from trainer.weights.files import fetch, read_tensors
from trainer.weights.folders import read_model_config, read_processor
from trainer.weights.load import LoadReport
from trainer.weights.names import projector_tensors
from trainer.weights.standalone import add_code


def export_vocabulary(source: str, out: Path, layout: str = "vary") -> LoadReport:
    """Save the vocabulary network of a run or of any known checkpoint to a folder.

    The folder can be given to `--vision-vocabulary`. In the layout `vary` it loads with
    `VaryVisionModel.from_pretrained`, in `got-ocr2` with transformers'
    `GotOcr2ForConditionalGeneration.from_pretrained`, whose language model is then random.

    Raises:
        WeightsError: the source lacks a part of the network (SAM's weights lack two layers), or
            the folder cannot be written.
    """
    path = fetch(source)
    config, images = VaryVisionConfig(), None
    with suppress(RunError):
        folder = model_folder(path)
        with suppress(WeightsError):
            found = read_model_config(folder)
            if isinstance(found, VaryConfig):
                config = found.vision_config
                images = read_processor(folder).image_processor
            elif isinstance(found, VaryVisionConfig):
                config = found
    tower = VaryVisionModel(config)
    report = load_vocabulary(tower, source)
    if report.new:
        raise WeightsError(
            f"{source} has no {' and '.join(report.new)}", "it is SAM, not a trained vocabulary"
        )
    if images is not None:
        images.clip_size = None
    try:
        if layout == "got-ocr2":
            projection = _projection(path)
            written = got_ocr2.save_vocabulary(
                config, tower.state_dict(), projection, images, out
            )  # fmt: skip
            return replace(report, notes=(*report.notes, *_projection_note(written, projection)))
        tower.to(torch.float32).save_pretrained(out)
        if images is not None:
            images.save_pretrained(out)
        add_code(out)
    except OSError as error:
        raise WeightsError(f"{out} cannot be written ({error.strerror})") from error
    return report


def _projection(path: Path) -> dict[str, Tensor]:
    """The linear layer after the vocabulary network, if the source has one."""
    with suppress(RunError):
        path = model_folder(path)
    tensors = read_tensors(path)
    two_towers = any("clip" in key or "vision_model" in key for key in tensors)
    found = projector_tensors(tensors, two_towers)
    prefix = "vocabulary."
    return {k.removeprefix(prefix): v for k, v in found.items() if k.startswith(prefix)}


def _projection_note(written: bool, projection: Mapping[str, Tensor]) -> tuple[str, ...]:
    if written or not projection:
        return ("with its projection",) if written else ()
    shape = list(projection["weight"].shape)
    return (f"without its projection {shape}, which must be square in GOT-OCR2",)
