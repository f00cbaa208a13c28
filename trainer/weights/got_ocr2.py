"""Our models in the layout of GOT-OCR2 (arXiv 2409.01704) as transformers knows it.

GOT-OCR2 is the same vocabulary network, a linear and a Qwen2: what is Vary-tiny with a Qwen2 here.
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
from trainer.model.pixels import NORMALISATIONS
from trainer.weights.names import vocabulary_name

PROJECTION = "model.multi_modal_projector.multimodal_projector."
RESAMPLE = {"bilinear": 2, "bicubic": 3}
VISION_FIELDS = (
    "hidden_size", "output_channels", "num_hidden_layers", "num_attention_heads", "num_channels",
    "image_size", "patch_size", "window_size", "global_attn_indexes", "mlp_dim", "layer_norm_eps",
)  # fmt: skip


def save_model(model: VaryForConditionalGeneration, processor: VaryProcessor, folder: Path) -> None:
    """Write a whole model that `GotOcr2ForConditionalGeneration.from_pretrained` reads.

    Raises `WeightsError` where GOT-OCR2 has no such model: with CLIP, with another language model
    than Qwen2, or with one of another width than the vocabulary network's.
    """
    config, text = model.config, model.config.text_config
    if config.clip_config is not None:
        raise WeightsError("GOT-OCR2 has no CLIP tower", "export-vocabulary --layout got-ocr2")
    if text.model_type != "qwen2":
        raise WeightsError(
            f"GOT-OCR2 has a Qwen2 for its language model, not {text.model_type}",
            "export-vocabulary --layout got-ocr2 writes the vocabulary network alone",
        )
    vision = config.vision_config
    if text.hidden_size != vision.compressor_channels[-1]:
        raise WeightsError(
            f"GOT-OCR2's language model is as wide as its image tokens, here they are "
            f"{text.hidden_size} and {vision.compressor_channels[-1]}",
            "export-vocabulary --layout got-ocr2 writes the vocabulary network alone",
        )
    wanted = got_config(vision, text.to_dict(), config.image_token_id)
    tensors = dict(model.state_dict())
    got = GotOcr2ForConditionalGeneration(wanted)
    got.load_state_dict({name: _ours(name, tensors) for name in got.state_dict()})
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
    """Write the vocabulary network alone; the language model in `config.json` is GOT-OCR2's.

    `tensors` and `projection` are named as in `VaryVisionModel` and its linear. The linear is
    written where it is square, as GOT-OCR2's: the answer says so.
    """
    text = GotOcr2Config().text_config.to_dict()
    wanted = got_config(config, text | {"hidden_size": config.compressor_channels[-1]})
    with torch.device("meta"):
        expected = GotOcr2ForConditionalGeneration(wanted).state_dict()
    square = {n: t for n, t in projection.items() if expected[PROJECTION + n].shape == t.shape}
    own = {f"model.vision_tower.{name}": value for name, value in tensors.items()}
    own |= {f"model.projector.vocabulary.{name}": value for name, value in square.items()}
    found = {
        name: _ours(name, own).contiguous()
        for name in expected
        if name.startswith(("model.vision_tower.", "model.multi_modal_projector."))
        and (square or not name.startswith(PROJECTION))
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(found, folder / "model.safetensors", metadata={"format": "pt"})
    wanted.architectures = ["GotOcr2ForConditionalGeneration"]
    wanted.save_pretrained(folder)
    if images is not None:
        got_images(images).save_pretrained(folder)
    return bool(square)


def got_config(
    vision: VaryVisionConfig, text: Mapping[str, Any], image_token_id: int = 151859
) -> GotOcr2Config:
    """The configuration; raises `WeightsError` where the compressor has other widths."""
    middle, _ = vision.compressor_channels
    if middle != 2 * vision.output_channels:
        raise WeightsError(
            f"GOT-OCR2's first convolution doubles the channels, this one makes {middle} of "
            f"{vision.output_channels}"
        )
    return GotOcr2Config(
        vision_config={name: getattr(vision, name) for name in VISION_FIELDS},
        text_config=dict(text),
        image_token_index=image_token_id,
        image_seq_length=image_tokens(vision.image_size),
        tie_word_embeddings=bool(text.get("tie_word_embeddings", True)),
    )


def got_images(images: VaryImageProcessor) -> GotOcr2ImageProcessorPil:
    """GOT-OCR2's image processor with this model's size and normalisation."""
    mean, std = NORMALISATIONS[images.normalisation]
    return GotOcr2ImageProcessorPil(
        size={"height": images.image_size, "width": images.image_size},
        image_mean=list(mean),
        image_std=list(std),
        resample=RESAMPLE[images.resample],
    )


def _ours(name: str, tensors: Mapping[str, Tensor]) -> Tensor:
    """Our tensor for one of GOT-OCR2's names."""
    if name.startswith(PROJECTION):
        return tensors[name.replace(PROJECTION, "model.projector.vocabulary.")]
    if name.startswith(("model.vision_tower.", "model.multi_modal_projector.")):
        return tensors[f"model.vision_tower.{vocabulary_name(name)}"]
    return tensors[name]
