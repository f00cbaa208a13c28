"""Settings of low-rank adapters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """Adapters of the language model of Vary-base; the rest but the projector is then frozen."""

    rank: int = 0
    """0 trains the language model itself."""
    alpha: float = 16.0
    """The adapters' scale is alpha / rank."""
    dropout: float = 0.0
    targets: tuple[str, ...] = (
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj",
    )  # fmt: skip
    """Names of the linear layers that get adapters."""
    bits: int = 0
    """4: the frozen language model in 4 bits (QLoRA), through bitsandbytes. 0: as it is."""
