"""The model family, registered with transformers' Auto classes when imported."""

from contextlib import suppress

from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoModel,
    AutoModelForImageTextToText,
    AutoProcessor,
)

from trainer.model.configuration import VaryConfig, VaryVisionConfig
from trainer.model.image_processing import VaryImageProcessor
from trainer.model.modeling import VaryForConditionalGeneration, VaryModel
from trainer.model.processing import VaryProcessor
from trainer.model.vision import VaryVisionModel

AutoConfig.register("vary", VaryConfig)
AutoConfig.register("vary_vision", VaryVisionConfig)
AutoModel.register(VaryConfig, VaryModel)
AutoModel.register(VaryVisionConfig, VaryVisionModel)
AutoModelForImageTextToText.register(VaryConfig, VaryForConditionalGeneration)
with suppress(ImportError):  # transformers before 5.20 needs torchvision for this line
    AutoImageProcessor.register(VaryConfig, VaryImageProcessor, VaryImageProcessor)
AutoProcessor.register(VaryConfig, VaryProcessor)

__all__ = [
    "VaryConfig",
    "VaryForConditionalGeneration",
    "VaryImageProcessor",
    "VaryModel",
    "VaryProcessor",
    "VaryVisionConfig",
    "VaryVisionModel",
]
