"""Groups of settings: model, data, optimizer, training, evaluation, checkpoints, log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trainer.settings.lora import LoraSettings


@dataclass(frozen=True, slots=True)
class WeightsSettings:
    """The weights to start from: local paths or hub ids; null: random weights."""

    vary: str | None = None
    """A complete Vary model (a run, a converted checkpoint); the others are then not read."""
    vision: str | None = None
    """SAM base, an exported vocabulary, or any Vary or GOT-OCR2 checkpoint."""
    clip: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Shape, tokenizer, preprocessing and starting weights of a model."""

    conversation: str = "opt"
    tokenizer: str | None = None
    """A path or hub id; `bytes` trains a byte-level one on the data; null: the text model's."""
    tokenizer_size: int = 512
    image_size: int = 1024
    normalization: str = "imagenet"
    resample: str = "bicubic"
    clip_fit: str = "crop"
    max_length: int = 4096
    """Tokens of a sample with its image tokens; OPT's positions are cut or interpolated to it."""
    vision: dict[str, Any] = field(default_factory=dict)
    """Fields of `VaryVisionConfig` that differ from the paper's."""
    text: dict[str, Any] = field(default_factory=dict)
    """`model_type` and shape of a language model with random weights."""
    clip: dict[str, Any] = field(default_factory=dict)
    """Fields of `CLIPVisionConfig` that differ from ViT-L/14-224."""
    weights: WeightsSettings = field(default_factory=WeightsSettings)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The datasets, their shares, and how they are read."""

    datasets: tuple[str, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)
    """Share by configuration name; empty: all, by their number of rows."""
    split: str = "train"
    validation: str = "validation"
    targets: str = ""
    """A form (docs/targets.md), in which the targets of rows are written when they are read; empty:
    as they are stored. Rows that have no such target are counted and skipped."""
    shuffle_groups: int = 16
    """Row groups of a configuration that are shuffled together; 0 shuffles all of them."""
    cache_mb: int = 512
    """Row groups that a worker keeps in memory."""
    workers: int = 8
    prefetch: int = 2
    sequences: str = "padded"
    pad_to_multiple: int = 8
    too_long: str = "skip"
    """`skip` skips samples over max_length, `cut` trains on their start; both are counted."""
    augment: bool = False
    degrade: str = ""
    """Profile of scans and photographs that pictures get as they are read, `photo`, or a share of
    them, `photo:0.3`; a name of docs/degrade.md or a YAML file."""
    degrade_strength: float = 0.4
    answer_noise: float = 0.0
    """Share of the answers' tokens that are wrong where the model reads them, so that it learns to
    go on after mistakes of its own; targets stay right."""


@dataclass(frozen=True, slots=True)
class OptimSettings:
    """AdamW and its learning rate."""

    lr: float = 5e-5
    lr_scale: dict[str, float] = field(default_factory=dict)
    """A factor by part: vision, compressor (net_2, net_3), clip, projector, text."""
    schedule: str = "cosine"
    min_lr_ratio: float = 0.0
    warmup: float = 0.03
    """Below 1, a share of all steps, else a number of steps."""
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Batches, length, precision and devices of the training."""

    batch_size: int = 512
    """Samples of one optimizer step, over all devices."""
    micro_batch: int = 16
    """Samples of one forward pass on one device."""
    micro_tokens: int = 0
    """Most tokens of one, padding included: the samples of a step are put together by length, up to
    micro_batch of them. 0: micro_batch samples in their order."""
    epochs: float = 1.0
    steps: int | None = None
    """Overrides epochs. 0: the grounded warm-up is the whole training."""
    freeze: tuple[str, ...] = ()
    precision: str = "bf16"
    """`bf16` computes in bf16 with float32 weights; `bf16-pure` has weights and Adam in bf16."""
    parallel: str = "auto"
    compile: bool = False
    profile: tuple[int, ...] = ()
    """First and last step of a trace in RUN/profile."""
    activation_checkpointing: bool = False
    ema: float = 0.0
    """Decay of a moving average of the weights, for example 0.999. Held-out samples are read with
    it, and checkpoints have it in `ema/`. 0: none."""
    device: str = "auto"
    lora: LoraSettings = field(default_factory=LoraSettings)
    nonfinite_limit: int = 10
    """Steps in a row whose loss or gradients are not finite that stop the run; each of them leaves
    the weights as they are."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """Measurements on held-out samples while training."""

    every: int = 500
    samples: int = 512
    """Held-out samples whose loss is measured."""
    read: int = 0
    """Held-out samples that are also read and scored: NED, exact answers, scores by kind."""
    max_new_tokens: int = 1024
    """Longest answer of these."""
    best: str | None = None
    """`loss`, `ned` or `exact`: the model of the best evaluation is kept in RUN/best."""
    patience: int = 0
    """Evaluations without a better `best` that end the training; 0: never."""


@dataclass(frozen=True, slots=True)
class CheckpointSettings:
    """How often the run is saved, and how many checkpoints are kept."""

    every: int = 1000
    keep: int = 2


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged, how often and where."""

    every: int = 10
    gain_every: int = 50
    tensorboard: bool = True
    wandb: str | None = None
    """A W&B project name."""
    peak_tflops: float | None = None
    """The device's peak in bf16; null: the datasheet's value, if known."""
