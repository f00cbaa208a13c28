"""The frozen language model in 4 bits, for adapters on top of it (QLoRA, arXiv 2305.14314)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch
from torch import nn

from trainer.errors import SettingsError


def quantize_text(model: Any) -> None:
    """Replace the linear layers of the language model by ones with weights in 4 bits (NF4, with
    quantized scales), computed in bfloat16.

    Weights become 4 bits when the model moves to its device. The head and the embeddings stay.

    Raises:
        SettingsError: bitsandbytes is not installed.
    """
    layers = _bitsandbytes().nn
    text = model.get_submodule("model.language_model")
    for name, layer in [(n, m) for n, m in text.named_modules() if type(m) is nn.Linear]:
        small = layers.Linear4bit(
            layer.in_features,
            layer.out_features,
            bias=layer.bias is not None,
            compute_dtype=torch.bfloat16,
            quant_type="nf4",
            device="meta",
        )
        small.weight = layers.Params4bit(
            layer.weight.data, requires_grad=False, quant_type="nf4", compress_statistics=True
        )
        small.bias = layer.bias
        parent, _, attribute = name.rpartition(".")
        setattr(text.get_submodule(parent), attribute, small)
    model.is_loaded_in_4bit = True  # PEFT asks for it


def _bitsandbytes() -> Any:
    try:
        return import_module("bitsandbytes")
    except ImportError:
        raise SettingsError(
            "train.lora.bits=4 needs bitsandbytes", "pip install 'vary-data[qlora]'"
        ) from None
