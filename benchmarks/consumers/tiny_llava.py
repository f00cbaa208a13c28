"""A random LLaVA of some thousand weights, for trainers that want a model of transformers."""

from __future__ import annotations

from typing import Any

TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }} : {% if m['content'] is string %}{{ m['content'] }}"
    "{% else %}{% for p in m['content'] %}{% if p['type'] == 'image' %}<image>"
    "{% else %}{{ p['text'] }}{% endif %}{% endfor %}{% endif %}</s>{% endfor %}"
)
PATCH, SIDE = 8, 32


def tiny_llava() -> tuple[Any, Any]:
    """A random LLaVA of some thousand weights and its processor, whose words are characters."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        CLIPImageProcessorPil,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
        PreTrainedTokenizerFast,
    )

    names = ["<unk>", "<pad>", "<s>", "</s>", "<image>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate([*names, *letters])}
    plain = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, unk_token="<unk>", pad_token="<pad>", bos_token="<s>",
        eos_token="</s>", additional_special_tokens=["<image>"],
    )  # fmt: skip
    size = {"height": SIDE, "width": SIDE}
    processor = LlavaProcessor(
        CLIPImageProcessorPil(size=size, crop_size=size), tokenizer, patch_size=PATCH,
        vision_feature_select_strategy="default", chat_template=TEMPLATE,
        num_additional_image_tokens=1,
    )  # fmt: skip
    shape = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2}
    vision = CLIPVisionConfig(
        **shape, num_attention_heads=2, image_size=SIDE, patch_size=PATCH, projection_dim=16
    )
    text = LlamaConfig(
        **shape, vocab_size=len(vocabulary), num_attention_heads=2, num_key_value_heads=2,
        max_position_embeddings=32768,
    )  # fmt: skip
    torch.manual_seed(0)
    config = LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=vocabulary["<image>"]
    )
    return LlavaForConditionalGeneration(config), processor
