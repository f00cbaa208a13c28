"""The vocabulary network alone: what Vary-tiny was trained for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import torch
from transformers import AutoConfig

from trainer.errors import RunError, WeightsError
from trainer.model import VaryConfig, VaryImageProcessor, VaryVisionConfig, VaryVisionModel
from trainer.train.run import model_folder
from trainer.weights.assemble import load_vocabulary
from trainer.weights.files import fetch
from trainer.weights.load import LoadReport
from trainer.weights.standalone import add_code


def export_vocabulary(source: str, out: Path) -> LoadReport:
    """Save the vocabulary network of a run or of any known checkpoint to a folder.

    The folder loads with `VaryVisionModel.from_pretrained` and as `--vision-vocabulary`. Raises
    `WeightsError` where the source has no whole network (SAM's own weights lack two layers).
    """
    path = fetch(source)
    config, images = VaryVisionConfig(), None
    with suppress(RunError):
        folder = model_folder(path)
        with suppress(OSError, ValueError):
            found = AutoConfig.from_pretrained(folder)
            if isinstance(found, VaryConfig):
                config = found.vision_config
                images = VaryImageProcessor.from_pretrained(folder)
            elif isinstance(found, VaryVisionConfig):
                config = found
    tower = VaryVisionModel(config)
    report = load_vocabulary(tower, source)
    if report.new:
        raise WeightsError(
            f"{source} has no {' and '.join(report.new)}", "that is SAM, not a trained vocabulary"
        )
    try:
        tower.to(torch.float32).save_pretrained(out)
        if images is not None:
            images.clip_size = None
            images.save_pretrained(out)
        add_code(out)
    except OSError as error:
        raise WeightsError(f"{out} cannot be written ({error.strerror})") from error
    return report
