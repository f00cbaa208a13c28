"""All settings of a training run, with their checks."""

from __future__ import annotations

from dataclasses import dataclass, field

from trainer.errors import SettingsError, nearest
from trainer.settings.groups import (
    CheckpointSettings,
    DataSettings,
    EvaluationSettings,
    LogSettings,
    ModelSettings,
    OptimSettings,
    TrainSettings,
)
from trainer.settings.warm_up import WarmUpSettings, check_warm_up

CONVERSATIONS = ("opt", "lavis", "qwen", "vicuna")
"""The formats of `trainer.model.conversation`, without importing torch."""
STAGES = ("tiny", "pretrain", "sft")
PARTS = ("vision", "compressor", "clip", "projector", "text")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run; a wrong combination raises SettingsError."""

    stage: str = "tiny"
    model: ModelSettings = field(default_factory=ModelSettings)
    data: DataSettings = field(default_factory=DataSettings)
    optim: OptimSettings = field(default_factory=OptimSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
    warm_up: WarmUpSettings = field(default_factory=WarmUpSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    checkpoint: CheckpointSettings = field(default_factory=CheckpointSettings)
    log: LogSettings = field(default_factory=LogSettings)

    def __post_init__(self) -> None:
        _choice("stage", self.stage, STAGES)
        _choice("model.conversation", self.model.conversation, CONVERSATIONS)
        _choice("model.normalization", self.model.normalization, ("imagenet", "clip", "none"))
        _choice("model.resample", self.model.resample, ("bilinear", "bicubic", "cv2"))
        _choice("model.clip_fit", self.model.clip_fit, ("crop", "pad", "stretch"))
        _choice("data.sequences", self.data.sequences, ("padded", "packed"))
        _choice("data.too_long", self.data.too_long, ("skip", "cut"))
        _choice("optim.schedule", self.optim.schedule, ("cosine", "linear", "constant"))
        _choice("train.precision", self.train.precision, ("bf16", "bf16-pure", "fp32"))
        _choice("train.parallel", self.train.parallel, ("auto", "ddp", "fsdp"))
        _choice("train.device", self.train.device, ("auto", "cpu", "cuda"))
        _choice("warm_up.optimizer", self.warm_up.optimizer, ("adamw", "muon"))
        _choice("warm_up.mode", self.warm_up.mode, ("auto", "grounded", "none"))
        for part in (*self.train.freeze, *self.optim.lr_scale, *self.warm_up.lr_scale):
            _choice("a part of the model", part, PARTS)
        check_warm_up(self.warm_up)
        if self.model.image_size % 64 or self.model.image_size < 64:
            raise SettingsError(
                f"model.image_size is {self.model.image_size}", "it must be a multiple of 64"
            )
        for name, value in (
            ("train.batch_size", self.train.batch_size),
            ("train.micro_batch", self.train.micro_batch),
            ("train.nonfinite_limit", self.train.nonfinite_limit),
            ("model.max_length", self.model.max_length),
            ("log.every", self.log.every),
        ):
            if value < 1:
                raise SettingsError(f"{name} is {value}", "it must be at least 1")
        for name, share in (
            ("train.ema", self.train.ema),
            ("data.answer_noise", self.data.answer_noise),
        ):
            if not 0 <= share < 1:
                raise SettingsError(f"{name} is {share}", "expected 0 or a share below 1")
        if self.train.seed < 0:
            raise SettingsError(f"train.seed is {self.train.seed}", "it must be at least 0")
        if self.train.steps is not None and self.train.steps < 0:
            raise SettingsError(f"train.steps is {self.train.steps}", "it must be at least 0")
        if self.train.micro_tokens < 0:
            raise SettingsError(
                f"train.micro_tokens is {self.train.micro_tokens}", "0 is no limit of tokens"
            )
        if self.evaluation.best is not None:
            _choice("evaluation.best", self.evaluation.best, ("loss", "ned", "exact"))
            if self.evaluation.best != "loss" and not self.evaluation.read:
                raise SettingsError(
                    f"evaluation.best is {self.evaluation.best!r}, but nothing is read",
                    "set evaluation.read to a number of samples",
                )
        if self.evaluation.patience and self.evaluation.best is None:
            raise SettingsError("evaluation.patience needs evaluation.best", "for example loss")
        if len(window := self.train.profile) not in (0, 2) or list(window) != sorted(window):
            raise SettingsError(
                f"train.profile is {list(window)}", "expected a first and a last step: [11, 13]"
            )
        if self.train.lora.rank < 0:
            raise SettingsError(f"train.lora.rank is {self.train.lora.rank}", "0 is no adapters")
        if self.train.lora.bits not in (0, 4):
            raise SettingsError(f"train.lora.bits is {self.train.lora.bits}", "expected 0 or 4")
        if self.train.lora.bits and not self.train.lora.rank:
            raise SettingsError("train.lora.bits needs adapters", "set train.lora.rank")
        if self.train.lora.rank and self.stage == "tiny":
            raise SettingsError("train.lora is for Vary-base", "Vary-tiny is trained whole")
        if self.optim.lr <= 0:
            raise SettingsError(f"optim.lr is {self.optim.lr}", "it must be above 0")


def _choice(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}", nearest(value, known))
