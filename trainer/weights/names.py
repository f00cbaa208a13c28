"""Translates tensor names of other projects into those of `trainer.model`.

Known layouts: SAM (`sam_vit_b_01ec64.pth` and transformers' `SamModel`), Vary and Vary-toy
(Qwen-1), Vary-tiny (OPT), Vary-tiny-600k (OPT, trained with LAVIS), GOT-OCR2 (original and
transformers), Qwen-1, Qwen2, Llama, OPT, CLIP, and Vary here: `model.vision_tower.*`,
`model.clip_tower.*`, `model.projector.{vocabulary,clip}.*`, `model.language_model.*`,
`lm_head.weight`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

# The tower's prefixes in SAM, SamModel, LAVIS, Vary(-toy), Vary-tiny, GOT-OCR2 and trainer.model.
TOWER = re.compile(
    r"^(?:model\.|transformer\.)?"
    r"(?:image_encoder|vision_encoder|visual_encoder|vision_tower_high|vision_tower_2|vision_tower|"
    r"multi_modal_projector)\."
)
HF_TOWER = (
    (r"^patch_embed\.projection\.", "patch_embed.proj."),
    (r"^layers\.(\d+)\.", r"blocks.\1."),
    (r"\.layer_norm([12])\.", r".norm\1."),
    (r"^neck\.conv1\.", "neck.0."),
    (r"^neck\.layer_norm1\.", "neck.1."),
    (r"^neck\.norm1\.", "neck.1."),
    (r"^neck\.conv2\.", "neck.2."),
    (r"^neck\.layer_norm2\.", "neck.3."),
    (r"^neck\.norm2\.", "neck.3."),
    (r"^conv_upsampler1\.", "net_2."),
    (r"^conv_upsampler2\.", "net_3."),
)
CLIP = re.compile(
    r"^(?:(?:model\.|transformer\.)?vision_tower\.vision_model\.|vision_model\.|"
    r"model\.clip_tower\.(?:vision_model\.)?)"
)
PROJECTORS = {
    "mm_projector": "mm_projector",
    "mm_projector_vary": "vocabulary",
    "multimodal_projector": "vocabulary",
    "opt_proj": "vocabulary",
}
PROJECTOR = re.compile(
    r"^(?:model\.|transformer\.)?(?:multi_modal_projector\.)?"
    r"(mm_projector|mm_projector_vary|multimodal_projector|opt_proj)\.(weight|bias)$"
)
QWEN1 = (
    (r"^transformer\.wte\.", "embed_tokens."),
    (r"^transformer\.ln_f\.", "norm."),
    (r"^transformer\.h\.(\d+)\.ln_1\.", r"layers.\1.input_layernorm."),
    (r"^transformer\.h\.(\d+)\.ln_2\.", r"layers.\1.post_attention_layernorm."),
    (r"^transformer\.h\.(\d+)\.attn\.c_proj\.", r"layers.\1.self_attn.o_proj."),
    (r"^transformer\.h\.(\d+)\.mlp\.w1\.", r"layers.\1.mlp.up_proj."),
    (r"^transformer\.h\.(\d+)\.mlp\.w2\.", r"layers.\1.mlp.gate_proj."),
    (r"^transformer\.h\.(\d+)\.mlp\.c_proj\.", r"layers.\1.mlp.down_proj."),
)
QWEN1_ATTENTION = re.compile(r"^transformer\.h\.(\d+)\.attn\.c_attn\.(weight|bias)$")
TEXT = re.compile(
    r"^(?:model\.language_model\.|language_model\.model\.|opt_model\.model\.|model\.)?"
    r"((?:decoder|layers)\.\d?.*|embed_tokens\.weight|norm\.weight)$"
)


def vocabulary_name(key: str) -> str:
    """The name in `VaryVisionModel` of another layout's tensor of the vocabulary network."""
    name = TOWER.sub("", key)
    for pattern, replacement in HF_TOWER:
        name = re.sub(pattern, replacement, name)
    return name


def vocabulary_tensors(tensors: Mapping[str, Tensor], expected: Iterable[str]) -> dict[str, Tensor]:
    """The vocabulary network's tensors, named as in `VaryVisionModel` (`expected`)."""
    names = set(expected)
    found = {}
    for key, value in tensors.items():
        name = vocabulary_name(key)
        if name in names:
            found[name] = value
    return found


def clip_tensors(tensors: Mapping[str, Tensor], expected: Iterable[str]) -> dict[str, Tensor]:
    """CLIP's vision tower, named as in transformers' `CLIPVisionModel` (`expected`)."""
    names = set(expected)
    prefix = "vision_model." if any(n.startswith("vision_model.") for n in names) else ""
    found = {}
    for key, value in tensors.items():
        name = prefix + CLIP.sub("", key)
        if CLIP.match(key) and name in names:
            found[name] = value
        elif key in names:
            found[key] = value
    return found


def projector_tensors(tensors: Mapping[str, Tensor], two_towers: bool) -> dict[str, Tensor]:
    """`vocabulary.*` and `clip.*`; with one tower, `mm_projector` belongs to the vocabulary."""
    found = {}
    for key, value in tensors.items():
        if match := PROJECTOR.match(key):
            part = PROJECTORS[match[1]]
            if part == "mm_projector":
                part = "clip" if two_towers else "vocabulary"
            found[f"{part}.{match[2]}"] = value
        elif key.startswith("model.projector."):
            found[key.removeprefix("model.projector.")] = value
    return found


def text_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The language model's tensors, named as in OPTModel, Qwen2Model or LlamaModel.

    Qwen-1's joint `c_attn` is split into query, key and value along dimension 0.
    """
    found: dict[str, Tensor] = {}
    for key, value in tensors.items():
        if match := QWEN1_ATTENTION.match(key):
            parts = torch.chunk(value, 3, dim=0)
            for letter, part in zip("qkv", parts, strict=True):
                # A copy, because safetensors refuses tensors that share memory.
                found[f"layers.{match[1]}.self_attn.{letter}_proj.{match[2]}"] = part.clone()
            continue
        name = key
        for pattern, replacement in QWEN1:
            name = re.sub(pattern, replacement, name)
        if name != key:
            found[name] = value
        elif (match := TEXT.match(key)) and "vision" not in key:
            found[match[1]] = value
    return found


def is_lavis(tensors: Iterable[str]) -> bool:
    """Whether tensors have the names of Vary-tiny-600k, which was trained with LAVIS."""
    return any(name.startswith("opt_proj.") for name in tensors)


def head_tensor(tensors: Mapping[str, Tensor]) -> Tensor | None:
    """The output head, if the checkpoint has one."""
    for key in ("lm_head.weight", "language_model.lm_head.weight", "opt_model.lm_head.weight"):
        if key in tensors:
            return tensors[key]
    return None
