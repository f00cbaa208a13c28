"""Small models that the tests of the trainer share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from trainer.data.tokenizer import train_tokenizer
from trainer.model import (
    VaryConfig,
    VaryForConditionalGeneration,
    VaryImageProcessor,
    VaryProcessor,
)

VISION: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": 256,
    "window_size": 6,
    "global_attn_indexes": [1],
    "mlp_dim": 64,
    "output_channels": 16,
    "compressor_channels": [24, 32],
}
CLIP: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "image_size": 56,
    "patch_size": 14,
}
TEXT: dict[str, dict[str, Any]] = {
    "opt": {
        "model_type": "opt",
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "ffn_dim": 64,
        "num_attention_heads": 2,
        "max_position_embeddings": 512,
        "dropout": 0.0,
    },
    "qwen2": {
        "model_type": "qwen2",
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "tie_word_embeddings": False,
    },
    "llama": {
        "model_type": "llama",
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "tie_word_embeddings": False,
    },
}
IMAGE_PAD_ID = 290


def small_model(
    text: str = "opt", clip: bool = False, **fields: Any
) -> VaryForConditionalGeneration:
    """A Vary of two layers for 256-pixel pictures: 16 image tokens, 300 words."""
    torch.manual_seed(0)
    config = VaryConfig(
        vision_config=VISION,
        clip_config=CLIP if clip else None,
        text_config=TEXT[text] | {"vocab_size": 300},
        image_token_id=IMAGE_PAD_ID,
        image_start_token_id=291,
        image_end_token_id=292,
        **fields,
    )
    return VaryForConditionalGeneration(config).eval()


def small_batch(model: VaryForConditionalGeneration, count: int = 2) -> dict[str, torch.Tensor]:
    """`count` samples of 40 tokens with a picture each; the answers are the last 10 tokens."""
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(5, 200, (count, 40), generator=generator)
    ids[:, 2:18] = IMAGE_PAD_ID
    labels = ids.clone()
    labels[:, :30] = -100
    batch = {
        "input_ids": ids,
        "labels": labels,
        "high_res_pixel_values": torch.randn(count, 3, 256, 256, generator=generator),
    }
    if model.config.clip_config is not None:
        batch["pixel_values"] = torch.randn(count, 3, 56, 56, generator=generator)
    return batch


def save_small_model(folder: Path) -> Path:
    """A folder with a small model, its processor and its tokenizer."""
    words = train_tokenizer(["a page of text"], 300)
    processor = VaryProcessor(VaryImageProcessor(image_size=256), words, conversation="opt")
    model = small_model("opt")
    for name, token in (("image_token_id", "<imgpad>"), ("image_start_token_id", "<img>"),
                        ("image_end_token_id", "</img>")):  # fmt: skip
        setattr(model.config, name, words.convert_tokens_to_ids(token))
    model.generation_config.eos_token_id = processor.end_token_id
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
