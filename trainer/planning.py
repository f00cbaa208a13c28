"""Estimates memory, arithmetic and time of a training run without running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoConfig, CLIPVisionConfig

from trainer.errors import SettingsError, TrainerError, nearest
from trainer.model import VaryConfig, VaryForConditionalGeneration, VaryVisionConfig
from trainer.model.configuration import image_tokens
from trainer.model.loss import CHUNK
from trainer.settings import PARTS, Settings
from trainer.training.flops import PEAKS, forward_flops
from trainer.training.optimizer import part_of
from trainer.weights.assemble import CLIP_LARGE
from trainer.weights.files import fetch
from trainer.weights.folders import read_model_config

MEMORY_GIB = {"H200": 139.0, "H100": 79.0, "A100": 79.0, "L40S": 44.0, "A10G": 22.0, "4090": 23.0}
BLOCK_BYTES = 34
"""Bytes that a transformer block keeps per token and channel in bf16, without an N x N matrix
(arXiv 2205.05198)."""
CHECKPOINT_BYTES = 2
"""With activation checkpointing, only a block's input in bf16."""
USABLE_MEMORY = 0.92
"""Share of the memory that a run can use, besides fragmentation and the CUDA context."""
QWEN_7B: dict[str, Any] = {
    "model_type": "qwen2", "vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 11008,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
    "tie_word_embeddings": False,
}  # fmt: skip
OPT_125M: dict[str, Any] = {"model_type": "opt", "vocab_size": 50272}


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """Estimates for one run. Memory is per GPU in GiB; times assume `utilization` of peak."""

    parameters: dict[str, int]
    trained: int
    states_gib: float
    activations_gib: float
    memory_gib: float
    tflop_per_sample: float
    steps: int
    samples: int
    seconds_per_step: float
    hours: float
    notes: tuple[str, ...]

    def __str__(self) -> str:
        parts = ", ".join(f"{n} {c / 1e6:,.1f} M" for n, c in self.parameters.items() if c)
        total = self.states_gib + self.activations_gib
        fits = "fits" if total < USABLE_MEMORY * self.memory_gib else "does NOT fit"
        lines = [
            f"parameters    {sum(self.parameters.values()) / 1e6:,.1f} M ({parts})",
            f"trained       {self.trained / 1e6:,.1f} M",
            f"memory        {total:,.1f} GiB per GPU: {self.states_gib:,.1f} weights and optimizer,"
            f" {self.activations_gib:,.1f} activations; {fits} in {self.memory_gib:,.0f} GiB",
            f"arithmetic    {self.tflop_per_sample:,.2f} TFLOP per sample",
            f"steps         {self.steps:,} of {self.samples:,} samples",
            f"time          {self.seconds_per_step:,.2f} s per step, {self.hours:,.1f} hours",
        ]
        return "\n".join([*lines, *(f"note          {note}" for note in self.notes)])


def estimate_cost(
    settings: Settings, rows: int | None, text_tokens: int, gpu: str, gpus: int, utilization: float
) -> CostEstimate:
    """Cost of training with `settings` on `rows` samples of `text_tokens` tokens each.

    Memory is an estimate (within some 20 % where it was compared); arithmetic is exact.

    Raises:
        SettingsError: the GPU is not known, or the number of steps is not defined.
    """
    if gpu not in PEAKS:
        raise SettingsError(f"unknown GPU {gpu!r}", nearest(gpu, PEAKS))
    train = settings.train
    if rows is None and train.steps is None:
        raise SettingsError(
            "the amount of data is not known", "give --dataset, --rows, or train.steps=…"
        )
    steps = train.steps
    if steps is None:
        steps = max(1, round(train.epochs * (rows or 0) / train.batch_size))
    config, notes = _config(settings)
    with torch.device("meta"):
        model = VaryForConditionalGeneration(config)
    parameters = dict.fromkeys(PARTS, 0)
    for name, parameter in model.named_parameters():
        parameters[part_of(name)] += parameter.numel()
    trained = sum(n for part, n in parameters.items() if part not in train.freeze)
    flops = forward_flops(config, settings.model.image_size, text_tokens, text_tokens)
    per_sample = flops.training(train.freeze)
    seconds = per_sample * train.batch_size / (PEAKS[gpu] * 1e12 * utilization * gpus)
    return CostEstimate(
        parameters=parameters,
        trained=trained,
        states_gib=_state_bytes(settings, parameters, trained, gpus) / 2**30,
        activations_gib=_activation_bytes(settings, config, text_tokens) / 2**30,
        memory_gib=MEMORY_GIB[gpu],
        tflop_per_sample=per_sample / 1e12,
        steps=steps,
        samples=train.batch_size,
        seconds_per_step=seconds,
        hours=steps * seconds / 3600,
        notes=(f"time assumes {utilization:.0%} of {PEAKS[gpu]:.0f} TFLOP/s", *notes),
    )


def _state_bytes(settings: Settings, parameters: dict[str, int], trained: int, gpus: int) -> float:
    """Bytes of weights, gradients and AdamW's two moments on one GPU."""
    train = settings.train
    frozen = sum(parameters.values()) - trained
    width = 2 if train.precision == "bf16-pure" else 4
    sharded = train.parallel == "fsdp" or (train.parallel == "auto" and settings.stage != "tiny")
    share = gpus if sharded and gpus > 1 else 1
    gathered = 2 * trained if share > 1 else 0  # weights in bf16 while a block computes
    return 4 * width * trained / share + gathered + width * frozen


def _activation_bytes(settings: Settings, config: VaryConfig, text_tokens: int) -> float:
    """Bytes that one micro-batch keeps for its backward pass."""
    train, vision, text = settings.train, config.vision_config, config.text_config
    side = settings.model.image_size // vision.patch_size
    kept = CHECKPOINT_BYTES if train.activation_checkpointing else BLOCK_BYTES
    total = 0.0
    if "vision" not in train.freeze:
        layers = vision.num_hidden_layers
        total += side**2 * vision.hidden_size * layers * kept
        if not train.activation_checkpointing:  # the long queries and keys of the global layers
            wide = 2 * (2 * side + vision.hidden_size // vision.num_attention_heads) + 128
            heads = vision.num_attention_heads
            total += len(vision.global_attn_indexes) * side**2 * heads * wide * 2
    tokens = image_tokens(settings.model.image_size) + text_tokens
    total += tokens * text.hidden_size * text.num_hidden_layers * kept
    if train.activation_checkpointing:  # the block that is computed again
        total += tokens * text.hidden_size * BLOCK_BYTES
    # float32 logits, their softmax and their gradient of one chunk of the loss
    logits = min(CHUNK, text_tokens * train.micro_batch) * text.vocab_size * 4 * 3
    return total * train.micro_batch + logits


def _config(settings: Settings) -> tuple[VaryConfig, list[str]]:
    """The model's shape without weights, and notes on what could not be looked up."""
    model, notes = settings.model, []
    source = model.weights.vary or model.weights.text
    text: Any = None
    if model.text:
        text = dict(model.text)
    elif source:
        try:
            text = read_model_config(fetch(source))
            text = getattr(text, "text_config", None) or text
        except TrainerError:
            notes.append(f"{source} could not be read")
    if text is None:
        tiny = settings.stage == "tiny"
        text = dict(OPT_125M if tiny else QWEN_7B)
        notes.append(f"assuming a language model like {'OPT-125M' if tiny else 'Qwen-7B'}")
    if isinstance(text, dict):
        text = {"vocab_size": model.tokenizer_size, **text}
        text = AutoConfig.for_model(text.pop("model_type"), **text)
    if text.model_type == "opt":
        text.max_position_embeddings = model.max_length
    clip = CLIPVisionConfig(**(CLIP_LARGE | model.clip)) if settings.stage != "tiny" else None
    vision = VaryVisionConfig(**{"image_size": 1024, **model.vision})
    return VaryConfig(vision_config=vision, clip_config=clip, text_config=text), notes
