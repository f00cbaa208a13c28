"""Configuration of a Vary model: vocabulary network, CLIP (base only) and language model."""

from __future__ import annotations

from typing import Any, ClassVar

from transformers import AutoConfig, CLIPVisionConfig, PreTrainedConfig

IMAGE_STRIDE = 64
"""Pixels per image token along one side: patches of 16, then two convolutions of stride 2."""


class VaryVisionConfig(PreTrainedConfig):
    """The vocabulary network: the SAM base encoder and two stride-2 convolutions.

    `image_size` is the size of the position tables; smaller pictures use a part of them.
    """

    model_type = "vary_vision"
    base_config_key = "vision_config"

    hidden_size: int = 768
    output_channels: int = 256
    compressor_channels: list[int] | tuple[int, ...] = (512, 1024)
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    num_channels: int = 3
    image_size: int = 1024
    patch_size: int = 16
    window_size: int = 14
    global_attn_indexes: list[int] | tuple[int, ...] = (2, 5, 8, 11)
    mlp_dim: int = 3072
    layer_norm_eps: float = 1e-6
    initializer_range: float = 0.02


class VaryConfig(PreTrainedConfig):
    """A Vary model. Without `clip_config` it is Vary-tiny, with it Vary-base.

    `clip_feature_layer` is a Python index: -2 uses CLIP's states before its last layer.
    `conversation` is the name of the format (trainer/model/conversation.py) that the weights were
    trained with; the image token ids are those of the tokenizer that is saved with the model.
    """

    model_type = "vary"
    sub_configs: ClassVar[dict[str, Any]] = {
        "text_config": AutoConfig,
        "vision_config": VaryVisionConfig,
        "clip_config": CLIPVisionConfig,
    }

    text_config: Any = None
    vision_config: Any = None
    clip_config: Any = None
    clip_feature_layer: int = -2
    image_token_id: int = 50265
    image_start_token_id: int = 50266
    image_end_token_id: int = 50267
    conversation: str = "opt"
    initializer_range: float = 0.02
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs: Any) -> None:
        if not isinstance(self.vision_config, PreTrainedConfig):
            self.vision_config = VaryVisionConfig(**(self.vision_config or {}))
        if isinstance(self.clip_config, dict):
            self.clip_config = CLIPVisionConfig(**self.clip_config)
        if not isinstance(self.text_config, PreTrainedConfig):
            text = dict(self.text_config or {"model_type": "opt", "max_position_embeddings": 4096})
            self.text_config = AutoConfig.for_model(text.pop("model_type"), **text)
        self.tie_word_embeddings = bool(self.text_config.tie_word_embeddings)
        super().__post_init__(**kwargs)

    @property
    def image_seq_length(self) -> int:
        """Image tokens of one picture of `vision_config.image_size` pixels: 256 for 1024."""
        return image_tokens(self.vision_config.image_size)


def image_tokens(image_size: int) -> int:
    """Image tokens of a square picture: 16, 64 and 256 for 256, 512 and 1024 pixels.

    An incomplete stride of 64 pixels also gives a token: 16 tokens for 224 pixels.
    """
    return (-(-image_size // IMAGE_STRIDE)) ** 2
