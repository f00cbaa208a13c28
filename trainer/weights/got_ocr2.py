"""Saves models in transformers' layout of GOT-OCR2 (arXiv 2409.01704).

GOT-OCR2 is the vocabulary network, a linear layer and a Qwen2: Vary-tiny with a Qwen2.
Its `net_2` and `net_3` are called `conv_upsampler1` and `conv_upsampler2` and belong to its
projector, so their widths are twice the neck's and the language model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import (
    GotOcr2Config,
    GotOcr2ForConditionalGeneration,
    GotOcr2ImageProcessorPil,
    GotOcr2Processor,
)

from trainer.errors import WeightsError
from trainer.model import (
    VaryForConditionalGeneration,
    VaryImageProcessor,
    VaryProcessor,
    VaryVisionConfig,
)
from trainer.model.configuration import image_tokens
from trainer.model.pixels import NORMALIZATIONS
from trainer.weights.names import vocabulary_name

PROJECTION = "model.multi_modal_projector.multimodal_projector."
RESAMPLE = {"bilinear": 2, "bicubic": 3}
GOT_QUESTION = "\nOCR: "
"""The line break belongs to the prompt: it follows the picture's end token."""
VISION_FIELDS = (
    "hidden_size", "output_channels", "num_hidden_layers", "num_attention_heads", "num_channels",
    "image_size", "patch_size", "window_size", "global_attn_indexes", "mlp_dim", "layer_norm_eps",
)  # fmt: skip


def save_model(model: VaryForConditionalGeneration, processor: VaryProcessor, folder: Path) -> None:
    """Write a whole model that `GotOcr2ForConditionalGeneration.from_pretrained` reads.

    Raises:
        WeightsError: the model has CLIP, another language model than Qwen2, or one whose width
            differs from the vocabulary network's.
    """
    config, text = model.config, model.config.text_config
    if config.clip_config is not None:
        raise WeightsError("GOT-OCR2 has no CLIP tower", "export-vocabulary --layout got-ocr2")
    if text.model_type != "qwen2":
        raise WeightsError(
            f"the language model of GOT-OCR2 is a Qwen2, not {text.model_type}",
            "export-vocabulary --layout got-ocr2 writes only the vocabulary network",
        )
    vision = config.vision_config
    if text.hidden_size != vision.compressor_channels[-1]:
        raise WeightsError(
            f"the language model and image tokens of GOT-OCR2 have one width, here they have "
            f"{text.hidden_size} and {vision.compressor_channels[-1]}",
            "export-vocabulary --layout got-ocr2 writes only the vocabulary network",
        )
    tensors = dict(model.state_dict())
    got = GotOcr2ForConditionalGeneration(got_config(vision, text.to_dict(), config.image_token_id))
    got.load_state_dict({name: _vary_tensor(name, tensors) for name in got.state_dict()})
    got.generation_config = model.generation_config
    got.to(model.dtype).save_pretrained(folder)
    images = got_images(processor.image_processor)
    GotOcr2Processor(images, processor.tokenizer).save_pretrained(folder)


def save_vocabulary(
    config: VaryVisionConfig,
    tensors: Mapping[str, Tensor],
    projection: Mapping[str, Tensor],
    images: VaryImageProcessor | None,
    folder: Path,
) -> bool:
    """Write only the vocabulary network; the language model in `config.json` is GOT-OCR2's.

    `tensors` and `projection` are named as in `VaryVisionModel` and its linear layer. The linear
    layer is written if it is square, as in GOT-OCR2; returns whether it was.
    """
    text = GotOcr2Config().text_config.to_dict()
    target = got_config(config, text | {"hidden_size": config.compressor_channels[-1]})
    with torch.device("meta"):
        expected = GotOcr2ForConditionalGeneration(target).state_dict()
    square = {n: t for n, t in projection.items() if expected[PROJECTION + n].shape == t.shape}
    vary = {f"model.vision_tower.{name}": value for name, value in tensors.items()}
    vary |= {f"model.projector.vocabulary.{name}": value for name, value in square.items()}
    found = {
        name: _vary_tensor(name, vary).contiguous()
        for name in expected
        if name.startswith(("model.vision_tower.", "model.multi_modal_projector."))
        and (square or not name.startswith(PROJECTION))
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(found, folder / "model.safetensors", metadata={"format": "pt"})
    target.architectures = ["GotOcr2ForConditionalGeneration"]
    target.save_pretrained(folder)
    if images is not None:
        got_images(images).save_pretrained(folder)
    return bool(square)


def got_config(
    vision: VaryVisionConfig, text: Mapping[str, Any], image_token_id: int = 151859
) -> GotOcr2Config:
    """The configuration of GOT-OCR2.

    Raises:
        WeightsError: the compressor has widths that GOT-OCR2 does not support.
    """
    middle, _ = vision.compressor_channels
    if middle != 2 * vision.output_channels:
        raise WeightsError(
            f"the first convolution of GOT-OCR2 doubles the channels, this one maps "
            f"{vision.output_channels} to {middle}"
        )
    return GotOcr2Config(
        vision_config={name: getattr(vision, name) for name in VISION_FIELDS},
        text_config=dict(text),
        image_token_index=image_token_id,
        image_seq_length=image_tokens(vision.image_size),
        tie_word_embeddings=bool(text.get("tie_word_embeddings", True)),
    )


def got_images(images: VaryImageProcessor) -> GotOcr2ImageProcessorPil:
    """GOT-OCR2's image processor with this model's size and normalization."""
    mean, std = NORMALIZATIONS[images.normalization]
    if images.resample not in RESAMPLE:
        raise WeightsError(
            f"GOT-OCR2 resamples pictures with {' or '.join(RESAMPLE)}, not {images.resample}"
        )
    return GotOcr2ImageProcessorPil(
        size={"height": images.image_size, "width": images.image_size},
        image_mean=list(mean),
        image_std=list(std),
        resample=RESAMPLE[images.resample],
    )


def _vary_tensor(name: str, tensors: Mapping[str, Tensor]) -> Tensor:
    """The tensor of a Vary model for one of GOT-OCR2's names."""
    if name.startswith(PROJECTION):
        return tensors[name.replace(PROJECTION, "model.projector.vocabulary.")]
    if name.startswith(("model.vision_tower.", "model.multi_modal_projector.")):
        return tensors[f"model.vision_tower.{vocabulary_name(name)}"]
    return tensors[name]
