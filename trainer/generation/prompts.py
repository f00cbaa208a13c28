"""Runs towers and prompts before answers are generated from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from trainer.generation.attention import PromptStates, slotted
from trainer.model import VaryForConditionalGeneration


@dataclass(frozen=True, slots=True)
class Prompt:
    """Token ids of a prompt, and its pixels by the names of `generate`, each [1, 3, H, W]."""

    ids: Sequence[int]
    pixels: dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One prompt: its length, keys and values [layers, 2, kv_heads, T, d] with T at least the
    length, and the first token of the answer, a scalar.

    On a GPU they are there after the event `done`.
    """

    length: int
    states: Tensor
    first: Tensor
    done: torch.cuda.Event | None

    @property
    def ready(self) -> bool:
        """Whether the values are there; does not wait."""
        return self.done is None or bool(self.done.query())  # type: ignore[no-untyped-call]

    def use(self, stream: torch.cuda.Stream) -> None:
        """Let a stream wait for the values and keep them as long as it needs them."""
        if self.done is not None:
            stream.wait_event(self.done)
            self.states.record_stream(stream)
            self.first.record_stream(stream)


@torch.inference_mode()
def encode(model: VaryForConditionalGeneration, prompts: Sequence[Prompt]) -> list[Encoded]:
    """Encode pictures and prompts together, on the current stream, without waiting for the GPU."""
    device, text = model.device, model.model.language_model
    lengths = [len(prompt.ids) for prompt in prompts]
    ids = torch.zeros(len(prompts), max(lengths), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : lengths[row]] = torch.tensor(prompt.ids)
    embeddings = model.get_input_embeddings()(_upload(ids, device))
    ends = _upload(torch.tensor(lengths) - 1, device)
    pixels: dict[str, Any] = {
        name: torch.cat([_held(prompt.pixels[name], device) for prompt in prompts])
        for name in prompts[0].pixels
    }
    image_tokens = model.model.encode_images(**pixels).tokens
    states = PromptStates()
    with slotted(text):
        hidden = text(
            inputs_embeds=model.model.place_images(embeddings, ids, image_tokens),
            position_ids=torch.arange(ids.shape[1], device=device)[None],
            use_cache=False,
            states=states,
        ).last_hidden_state
    rows = torch.arange(len(prompts), device=device)
    first = model.lm_head(hidden[rows, ends]).argmax(-1)
    kept = states.stacked()
    done = torch.cuda.Event() if device.type == "cuda" else None  # type: ignore[no-untyped-call]
    if done:
        done.record()
    return [Encoded(n, kept[:, :, row], first[row], done) for row, n in enumerate(lengths)]


def _upload(values: Tensor, device: torch.device) -> Tensor:
    if device.type != "cuda":
        return values.to(device)
    return values.pin_memory().to(device, non_blocking=True)


def _held(pixels: Tensor, device: torch.device) -> Tensor:
    """Pixels on the device, which another stream may have put there."""
    if device.type != "cuda":
        return pixels.to(device)
    pixels = pixels.to(device, non_blocking=True)
    pixels.record_stream(torch.cuda.current_stream(device))
    return pixels
