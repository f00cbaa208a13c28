"""Answers that are generated together, one in each slot."""

from __future__ import annotations

from contextlib import nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor

from trainer.generation.attention import covers, masked_attention, slotted
from trainer.generation.loops import LoopStop
from trainer.generation.threads import Threads
from trainer.model import VaryForConditionalGeneration
from trainer.model.attention import USE_KERNEL

UNRECORDED = 3
"""Steps before one is recorded: libraries choose and load their kernels in the first ones."""
MOST = 256
"""Slots on a GPU: more are hardly faster."""
SHARE = 0.6
"""Of a GPU's free memory, for keys and values."""
PROMPT = 512
"""Tokens of a usual prompt, at most."""


def most_slots(model: VaryForConditionalGeneration, longest: int) -> int:
    """How many answers of up to `longest` tokens a device generates at a time."""
    text = model.config.text_config
    if model.device.type != "cuda" or not covers(text):
        return 8
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    width = 2 * heads * (text.hidden_size // text.num_attention_heads)
    size = text.num_hidden_layers * width * model.dtype.itemsize * (PROMPT + longest)
    free, _ = torch.cuda.mem_get_info(model.device)
    return max(1, min(MOST, int(free * SHARE / size)))


class Slots:
    """Keys, values and tokens of `count` answers, and the step that gives each its next token.

    The step has fixed shapes and never waits for the device. On a GPU with Triton it is recorded
    as a CUDA graph, and attention reads what a slot holds; elsewhere it is run as it is. All
    methods run without gradients.

    Args:
        model: a model that `covers` accepts.
        count: slots.
        capacity: the longest prompt with its answer, in tokens.
        end: the token that ends an answer.
        stop_loops: end answers that repeat themselves (`loops`).
    """

    def __init__(
        self,
        model: VaryForConditionalGeneration,
        count: int,
        capacity: int,
        end: int,
        stop_loops: bool = False,
    ) -> None:
        self.count, self.capacity = count, capacity
        self._model, self._end = model, end
        device = self._device = model.device

        def zeros(*shape: int, dtype: torch.dtype = torch.long) -> Tensor:
            return torch.zeros(shape, dtype=dtype, device=device)

        self.active = zeros(count, dtype=torch.bool)
        self.tokens = zeros(count, capacity)  # of answers
        self.made = zeros(count) + 1  # tokens of answers
        self._limit = zeros(count)  # tokens that answers may have
        self._length = zeros(count)  # cached positions; 0 in a slot without an answer
        self._loops = LoopStop(count, device) if stop_loops else None
        self._cache: Tensor | None = None  # [layers, 2, slots, kv_heads, capacity, d]
        self._graph: torch.cuda.CUDAGraph | None = None
        self._kernel = device.type == "cuda" and USE_KERNEL
        self._threads = Threads(torch.get_num_threads()) if device.type == "cpu" else None

    @torch.inference_mode()
    def clear(self) -> None:
        """End all answers."""
        self.active.zero_()
        self._length.zero_()

    def put(self, slot: int, states: Tensor, length: int, first: Tensor, limit: int) -> None:
        """Begin an answer.

        Args:
            slot: a slot without an answer.
            states: keys and values of its prompt [layers, 2, kv_heads, T, d], with T ≥ `length`.
            length: tokens of the prompt.
            first: the first token of the answer, a scalar.
            limit: the most tokens that the answer may have.
        """
        cache = self._cache
        if cache is None or cache.dtype != states.dtype:
            layers, both, heads, _, d = states.shape
            shape = (layers, both, self.count, heads, self.capacity, d)
            # zeros: what no answer has reached yet must not be NaN, not even at weight 0
            cache = self._cache = torch.zeros(shape, dtype=states.dtype, device=self._device)
            self._graph = None
        cache[:, :, slot, :, :length] = states[:, :, :, :length]
        self._length[slot], self._limit[slot], self.made[slot] = length, limit, 1
        self.tokens[slot, 0] = first
        self.active[slot] = (first != self._end) & (limit > 1)
        if self._loops:
            self._loops.clear(slot)

    @torch.inference_mode()
    def advance(self, steps: int) -> None:
        """Give every active answer up to `steps` more tokens."""
        # Under autocast a recorded step would keep the weights as they are converted now.
        recorded = self._kernel and not torch.is_autocast_enabled("cuda")
        with slotted(self._model.model.language_model):
            for step in range(steps):
                if self._graph is None and recorded and step >= UNRECORDED:
                    self._graph = self._record()
                if self._graph and recorded:
                    self._graph.replay()
                else:
                    with self._threads.step() if self._threads else nullcontext():
                        self._step()

    def grow(self, capacity: int) -> None:
        """Make space for a longer prompt."""
        more = capacity - self.capacity
        self.capacity, self._graph = capacity, None
        self.tokens = F.pad(self.tokens, (0, more))
        if self._cache is not None:
            self._cache = F.pad(self._cache, (0, 0, 0, more))

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """Keeps one more key and value, and attends to those of each slot."""
        assert self._cache is not None
        keys, values = self._cache[layer]
        if self._kernel:
            from trainer.generation.slot_kernel import kernel_attention

            return kernel_attention(query, key, value, keys, values, self._length, scale)
        slots = torch.arange(self.count, device=self._device)
        keys[slots, :, self._length] = key[:, :, 0]
        values[slots, :, self._length] = value[:, :, 0]
        return masked_attention(query, keys, values, self._length, scale)

    def _step(self) -> None:
        last = self.tokens.gather(1, self.made[:, None] - 1)  # [S, 1]
        outputs = self._model.model.language_model(
            inputs_embeds=self._model.get_input_embeddings()(last),
            position_ids=self._length[:, None],
            use_cache=False,
            states=self,
        )
        token = self._model.lm_head(outputs.last_hidden_state[:, -1]).argmax(-1)  # [S]
        self.made += self.active
        # an ended answer stays as it is: its last token is written once more
        token = torch.where(self.active, token, last[:, 0])
        self.tokens.scatter_(1, self.made[:, None] - 1, token[:, None])
        self.active &= (token != self._end) & (self.made < self._limit)
        if self._loops:
            looping, once = self._loops.add(self.tokens, self.made)
            looping &= self.active
            self.made.copy_(torch.where(looping, once, self.made))
            self.active &= ~looping
        self._length += 1
        self._length *= self.active

    def _record(self) -> torch.cuda.CUDAGraph:
        """The step as a CUDA graph, which is not run yet."""
        graph = torch.cuda.CUDAGraph()
        stream = torch.cuda.current_stream()  # other threads may use the GPU meanwhile
        with torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
            self._step()
        return graph
