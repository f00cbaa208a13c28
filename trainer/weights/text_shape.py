"""The language model's shape, from a checkpoint's config and its tensors.

A flat `config.json` mixes the fields of the language model with those of the project that wrote
it. A field that changes the computation must not be passed over, so that every field has to be in
one of the tables below.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

from torch import Tensor
from transformers import OPTConfig, Qwen2Config

from trainer.errors import WeightsError

OPT_FIELDS = ("hidden_size", "num_hidden_layers", "ffn_dim", "num_attention_heads",
              "word_embed_proj_dim", "do_layer_norm_before", "pad_token_id", "bos_token_id",
              "eos_token_id", "dropout")  # fmt: skip
QWEN_FIELDS = ("intermediate_size", "num_hidden_layers", "num_attention_heads",
               "num_key_value_heads", "max_position_embeddings", "seq_length", "rms_norm_eps",
               "layer_norm_epsilon", "rotary_emb_base", "rope_theta", "rope_parameters",
               "rope_scaling", "tie_word_embeddings")  # fmt: skip
FIXED: dict[str, tuple[Any, ...]] = {
    "activation_function": ("relu",),
    "enable_bias": (True,),
    "layer_norm_elementwise_affine": (True,),
    "_remove_final_layer_norm": (False,),
    "hidden_act": ("silu",),
    "attention_bias": (True,),
    "use_sliding_window": (False,),
    "rotary_pct": (1.0,),
    "scale_attn_weights": (True,),
    "no_bias": (True,),
    "layer_types": (None,),
    "head_dim": (None,),
}
"""Fields that are read only to check them: the models here have no other values."""
WITHOUT_EFFECT = (
    # of the file
    "_name_or_path", "architectures", "auto_map", "custom_pipelines", "dtype", "torch_dtype",
    "transformers_version", "model_type", "is_encoder_decoder", "return_dict", "output_*",
    "id2label", "label2id", "problem_type", "chunk_size_feed_forward", "prefix",
    "tokenizer_class", "tokenizer_type",
    # of training and of the cache
    "*dropout*", "layerdrop", "init*_std", "initializer_range", "*gradient_checkpointing",
    "use_cache*", "use_flash_attn", "bf16", "fp16", "fp32", "softmax_in_fp32", "onnx_safe",
    "attn_implementation", "_attn_implementation*",
    # taken from the tensors, from other fields, or from the tokenizer
    "vocab_size", "hidden_size", "kv_channels", "*_token_id", "*_token_ids",
    # in effect only with a sliding window, or beyond the training length
    "sliding_window", "max_window_layers", "use_dynamic_ntk", "use_logn_attn",
    # of the towers, which are read from their tensors
    "vision_*", "freeze_*", "mm_*", "use_im_start_end", "im_*_token", "image_token_len",
    "image_aspect_ratio", "image_grid_pinpoints", "image_size", "tune_*", "conversation_version",
)  # fmt: skip


def text_config(config: Mapping[str, Any], text: Mapping[str, Tensor], source: str) -> Any:
    """The language model's shape; `text` has its tensors, named as in `OPTModel` or `Qwen2Model`.

    Raises:
        WeightsError: a field of the config is not known, or has a value that is not supported.
    """
    nested = config.get("text_config")
    if nested:
        return Qwen2Config(**{k: v for k, v in nested.items() if k != "model_type"})
    if any(name.startswith("decoder.") for name in text):
        _check_fields(config, OPT_FIELDS, source)
        return _opt(config, text)
    _check_fields(config, QWEN_FIELDS, source)
    return _qwen(config, text, source)


def _opt(config: Mapping[str, Any], text: Mapping[str, Tensor]) -> OPTConfig:
    rows, width = text["decoder.embed_tokens.weight"].shape
    found = {
        "hidden_size": width,
        "word_embed_proj_dim": width,
        "num_hidden_layers": layers(text),
        "ffn_dim": text["decoder.layers.0.fc1.weight"].shape[0],
        "num_attention_heads": max(1, width // 64),  # as in OPT-125M
        "vocab_size": rows,
        "max_position_embeddings": text["decoder.embed_positions.weight"].shape[0] - 2,
    }
    stated = {k: config[k] for k in OPT_FIELDS if k in config}
    return OPTConfig(**{**found, **stated})


def _qwen(config: Mapping[str, Any], text: Mapping[str, Tensor], source: str) -> Qwen2Config:
    for name in ("num_attention_heads",):
        if name not in config:
            raise WeightsError(f"config.json of {source} has no {name}")
    rows, width = text["embed_tokens.weight"].shape
    inner = text["layers.0.mlp.up_proj.weight"].shape[0]
    # Qwen-1's config has the width of both of its projections together
    qwen1 = config.get("intermediate_size") == 2 * inner
    heads = config["num_attention_heads"]
    longest = config.get("max_position_embeddings") or config.get("seq_length", 8192)
    return Qwen2Config(
        vocab_size=rows,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=config.get("num_hidden_layers", layers(text)),
        num_attention_heads=heads,
        num_key_value_heads=config.get("num_key_value_heads", heads) if not qwen1 else heads,
        # Qwen-1 rescales positions beyond its training length; up to it this is exact.
        max_position_embeddings=min(longest, config.get("seq_length", longest)),
        rms_norm_eps=config.get("layer_norm_epsilon", config.get("rms_norm_eps", 1e-6)),
        rope_parameters=rotary(config),
        tie_word_embeddings=config.get("tie_word_embeddings", False),
        use_sliding_window=False,
    )


def rotary(config: Mapping[str, Any]) -> dict[str, Any]:
    """`rope_parameters` of transformers 5, from there or from the fields of earlier versions."""
    theta = config.get("rope_theta", config.get("rotary_emb_base", 10000.0))
    scaling = dict(config.get("rope_scaling") or {})
    if "type" in scaling:
        scaling.setdefault("rope_type", scaling.pop("type"))
    found = {"rope_type": "default", "rope_theta": theta, **scaling}
    found |= config.get("rope_parameters") or {}
    return found | {"rope_theta": float(found["rope_theta"])}


def layers(text: Mapping[str, Tensor]) -> int:
    """The number of blocks."""
    return len({name.split("layers.")[1].split(".")[0] for name in text if "layers." in name})


def _check_fields(config: Mapping[str, Any], read: tuple[str, ...], source: str) -> None:
    known = {*read, *FIXED}
    other = (*OPT_FIELDS, *QWEN_FIELDS)  # of the other family, which a default may have left
    unknown = [
        key
        for key in config
        if key not in known
        and key not in other
        and not any(fnmatch(key, pattern) for pattern in WITHOUT_EFFECT)
    ]
    if unknown:
        raise WeightsError(
            f"config.json of {source} has fields that the conversion does not know "
            f"({', '.join(sorted(unknown)[:6])})",
            "delete those that do not change the computation",
        )
    for key, values in FIXED.items():
        if key in config and config[key] not in values:
            raise WeightsError(f"{key} is {config[key]!r} in config.json of {source}",
                               f"only {values[0]!r} is supported")  # fmt: skip
