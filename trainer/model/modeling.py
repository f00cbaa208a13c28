"""Vary-tiny and Vary-base as one transformers model family (arXiv 2312.06109, section 3).

Vary-tiny: vocabulary network -> linear -> language model (OPT-125M in the paper).
Vary-base: CLIP and vocabulary network, each through a linear layer to half the width of the
language model (Qwen, Vicuna), concatenated on channels, CLIP first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel, Cache, CLIPVisionModel, PreTrainedModel
from transformers.generation import GenerationMixin
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast

from trainer.errors import WeightsError
from trainer.model.configuration import IMAGE_STRIDE, VaryConfig, image_tokens
from trainer.model.loss import target_losses, without_waiting
from trainer.model.packing import SEGMENTED, segment_positions, segments_of
from trainer.model.positions import part_positions
from trainer.model.vision import Offset, VaryVisionModel, initialize_vision


@dataclass
class VaryModelOutput(BaseModelOutputWithPast):
    """The language model's states and the image features.

    `image_hidden_states` [images, 256, D] are the inputs at the image tokens, `neck`
    [images, 256, 64, 64] is the vocabulary network's map at stride 16.
    """

    image_hidden_states: Tensor | None = None
    neck: Tensor | None = None


@dataclass
class VaryOutput(CausalLMOutputWithPast):
    """`loss`, `logits` and the cache as usual, and values for a training loop.

    `target_losses` [M] are the losses of the M target tokens, `target_index` [M] their flat
    indices into `labels`; `image_hidden_states` and `neck` as in `VaryModelOutput`.
    """

    target_losses: Tensor | None = None
    target_index: Tensor | None = None
    image_hidden_states: Tensor | None = None
    neck: Tensor | None = None


@dataclass(frozen=True, slots=True)
class ImageFeatures:
    """Projected image tokens [images, 256, D] and the map of the neck before them."""

    tokens: Tensor
    neck: Tensor | None = None


class VaryProjector(nn.Module):
    """One linear layer per tower; with two towers each has half the width, CLIP's half first."""

    def __init__(self, config: VaryConfig) -> None:
        super().__init__()
        width = config.text_config.hidden_size
        vocabulary = config.vision_config.compressor_channels[-1]
        if config.clip_config is None:
            self.vocabulary = nn.Linear(vocabulary, width)
            return
        self.clip = nn.Linear(config.clip_config.hidden_size, width // 2)
        self.vocabulary = nn.Linear(vocabulary, width // 2)

    def forward(self, vocabulary: Tensor, clip: Tensor | None = None) -> Tensor:
        """[images, 256, D] of the towers' outputs [images, 256, channels]; `clip` only with CLIP.

        Raises:
            ValueError: the towers make different numbers of tokens.
        """
        if clip is None:
            return self.vocabulary(vocabulary)
        if clip.shape[1] != vocabulary.shape[1]:
            raise ValueError(
                f"CLIP makes {clip.shape[1]} tokens, the vocabulary network {vocabulary.shape[1]}; "
                "224-pixel CLIP pictures belong to 1024-pixel ones"
            )
        return torch.cat([self.clip(clip), self.vocabulary(vocabulary)], dim=-1)


class VaryPreTrainedModel(PreTrainedModel):
    """What all models of Vary tell Transformers about themselves."""

    config_class = VaryConfig
    config: VaryConfig
    base_model_prefix = "model"
    input_modalities = ("image", "text")
    supports_gradient_checkpointing = True
    _skip_keys_device_placement = ("past_key_values",)
    _keys_to_ignore_on_load_unexpected = (r"clip_tower\..*post_layernorm\.",)
    """Written by versions before 0.3.0, and never used."""
    _no_split_modules = ("VaryVisionBlock", "OPTDecoderLayer", "Qwen2DecoderLayer",
                         "LlamaDecoderLayer", "CLIPEncoderLayer")  # fmt: skip
    _supports_sdpa = True
    _supports_flash_attn = True
    _supports_attention_backend = True

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        initialize_vision(self, module)


class VaryModel(VaryPreTrainedModel):
    """Towers, projector and language model without its head."""

    def __init__(self, config: VaryConfig) -> None:
        super().__init__(config)
        self.vision_tower = VaryVisionModel(config.vision_config)
        self.clip_tower = None if config.clip_config is None else _clip_tower(config)
        self.projector = VaryProjector(config)
        self.language_model = AutoModel.from_config(config.text_config, trust_remote_code=False)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.language_model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.language_model.set_input_embeddings(value)

    def encode_images(
        self,
        high_res_pixel_values: Tensor,
        pixel_values: Tensor | None = None,
        position_offset: Offset | None = None,
    ) -> ImageFeatures:
        """Image tokens of [n, 3, 1024, 1024] (and, for Vary-base, [n, 3, 224, 224]) pictures.

        A tower without trainable parameters runs without gradients.
        """
        high_res_pixel_values = _cast(high_res_pixel_values, self.vision_tower)
        with torch.set_grad_enabled(torch.is_grad_enabled() and _trainable(self.vision_tower)):
            vision = self.vision_tower(high_res_pixel_values, position_offset=position_offset)
        if self.clip_tower is None:
            return ImageFeatures(self.projector(vision.tokens), vision.neck)
        if pixel_values is None:
            raise ValueError("Vary-base needs pixel_values (224) and high_res_pixel_values")
        pixel_values = _cast(pixel_values, self.clip_tower)
        with torch.set_grad_enabled(torch.is_grad_enabled() and _trainable(self.clip_tower)):
            # The tower has no layer after the selected one. The first token, CLS, is dropped.
            clip = self.clip_tower(pixel_values).last_hidden_state[:, 1:]  # [n, 256, 1024]
        return ImageFeatures(self.projector(vision.tokens, clip), vision.neck)

    def place_images(self, embeddings: Tensor, input_ids: Tensor, image_tokens: Tensor) -> Tensor:
        """Put image tokens [n, 256, D] at the image positions of [B, T, D], in reading order.

        `input_ids` may be on the CPU: then the GPU is not waited for.
        """
        places = (input_ids == self.config.image_token_id).flatten().nonzero()[:, 0]
        expected = image_tokens.shape[0] * image_tokens.shape[1]
        if len(places) != expected:
            raise ValueError(
                f"{len(places)} image tokens in the text, but {image_tokens.shape[0]} images of "
                f"{image_tokens.shape[1]} tokens; was the text truncated or the tokenizer changed?"
            )
        values = image_tokens.flatten(0, 1).to(embeddings.dtype)
        places = without_waiting(places, embeddings.device)
        return embeddings.flatten(0, 1).index_copy(0, places, values).view_as(embeddings)

    def forward(
        self,
        input_ids: Tensor | None = None,
        high_res_pixel_values: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_features: ImageFeatures | None = None,
        inputs_embeds: Tensor | None = None,
        position_offset: Offset | None = None,
        whole_size: int | None = None,
        segment_lengths: Sequence[int] | None = None,
        **kwargs: Any,
    ) -> VaryModelOutput:
        """`input_ids` [B, T] hold 256 image tokens per picture; see `VaryForConditionalGeneration`.
        They may be on the CPU.

        `segment_lengths` are the lengths of the samples that are packed into the one row of
        `input_ids`. `position_offset` (row, column in patches, multiples of 4) is the place of
        smaller pictures, one in each row, in whole ones: in the tower and in the text they get
        the positions that they have there. Whole pictures have `whole_size` pixels, by default
        those of the tower's position tables, in whose middle smaller ones are.
        """
        whole_size = whole_size or self.config.vision_config.image_size
        if image_features is None and high_res_pixel_values is not None:
            place = position_offset and self._table_offset(position_offset, whole_size)
            image_features = self.encode_images(high_res_pixel_values, pixel_values, place)
        if inputs_embeds is None:
            if input_ids is None:
                raise ValueError("input_ids or inputs_embeds must be given")
            table = self.get_input_embeddings()
            device = next(table.parameters()).device
            inputs_embeds = table(without_waiting(input_ids, device))
        if image_features is not None:
            if input_ids is None:
                raise ValueError("images need input_ids, which have the places of image tokens")
            inputs_embeds = self.place_images(inputs_embeds, input_ids, image_features.tokens)
        if segment_lengths is not None:
            kwargs["segments"] = segments_of(segment_lengths, inputs_embeds.device)
            kwargs["position_ids"] = segment_positions(segment_lengths, inputs_embeds.device)
        elif position_offset is not None and image_features is not None and input_ids is not None:
            side = math.isqrt(image_features.tokens.shape[1])
            positions = self._part_positions(
                input_ids, side, image_tokens(whole_size), position_offset
            )
            kwargs["position_ids"] = without_waiting(positions, inputs_embeds.device)
            # Without a mask, transformers treats a jump in positions as the start of a sample.
            kwargs["attention_mask"] = torch.ones_like(kwargs["position_ids"])
        kwargs["return_dict"] = True
        outputs = self.language_model(inputs_embeds=inputs_embeds, **kwargs)
        return VaryModelOutput(
            last_hidden_state=outputs.last_hidden_state,
            past_key_values=outputs.past_key_values,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
            image_hidden_states=None if image_features is None else image_features.tokens,
            neck=None if image_features is None else image_features.neck,
        )

    def _table_offset(self, offset: Offset, whole_size: int) -> Offset:
        """An offset in whole pictures, as an offset in the tower's position tables."""
        vision = self.config.vision_config
        margin = (vision.image_size - whole_size) // vision.patch_size // 2
        return offset[0] + margin, offset[1] + margin

    def _part_positions(self, input_ids: Tensor, side: int, tokens: int, offset: Offset) -> Tensor:
        """Token positions of parts of `side` x `side` tokens of pictures of `tokens` tokens."""
        image = input_ids == self.config.image_token_id
        whole = math.isqrt(tokens)
        stride = IMAGE_STRIDE // self.config.vision_config.patch_size
        corner = (offset[0] // stride, offset[1] // stride)
        return part_positions(image, side, whole, corner)


class VaryForConditionalGeneration(VaryPreTrainedModel, GenerationMixin):
    """Generates text from pictures.

    `high_res_pixel_values` is the 1024-pixel picture of the vocabulary network, `pixel_values` the
    224-pixel one of CLIP (Vary-base only). `generate` encodes them once, at prefill.
    """

    def __init__(self, config: VaryConfig) -> None:
        super().__init__(config)
        text = config.text_config
        self.model = VaryModel(config)
        width = getattr(text, "word_embed_proj_dim", None) or text.hidden_size
        self.lm_head: nn.Module = nn.Linear(width, text.vocab_size, bias=False)
        names = {id(m): name for name, m in self.named_modules()}
        embeddings = names[id(self.get_input_embeddings())]
        self._tied_weights_keys = {"lm_head.weight": f"{embeddings}.weight"}
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.model.set_input_embeddings(value)

    def get_output_embeddings(self) -> nn.Module:
        return self.lm_head

    def set_output_embeddings(self, value: nn.Module) -> None:
        self.lm_head = value

    def pack_sequences(self) -> None:
        """Make the language model accept `segment_lengths`."""
        self.model.language_model.config._attn_implementation = SEGMENTED

    def forward(
        self,
        input_ids: Tensor | None = None,
        high_res_pixel_values: Tensor | None = None,
        pixel_values: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        num_items_in_batch: Tensor | int | None = None,
        logits_to_keep: int | Tensor = 0,
        skip_logits: bool | None = None,
        **kwargs: Any,
    ) -> VaryOutput:
        """Next-token logits, and with `labels` the loss.

        `input_ids` and `labels` may be on the CPU: then the GPU is never waited for.
        `labels` [B, T] are -100 where nothing is predicted. The loss is the sum over target tokens
        divided by `num_items_in_batch`, or their mean. With `skip_logits`, the default while
        training, there are no logits: the loss is computed in chunks on target positions.
        """
        if skip_logits is None:
            skip_logits = self.training and labels is not None
        if use_cache is None and labels is not None:
            use_cache = False  # the text models would keep keys and values that are never used
        inner: VaryModelOutput = self.model(
            input_ids,
            high_res_pixel_values,
            pixel_values,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            use_cache=use_cache,
            **kwargs,
        )
        out = VaryOutput(
            past_key_values=inner.past_key_values,
            hidden_states=inner.hidden_states,
            attentions=inner.attentions,
            image_hidden_states=inner.image_hidden_states,
            neck=inner.neck,
        )
        hidden = inner.last_hidden_state  # [B, T, D]
        if labels is not None:
            losses, out.target_index = target_losses(hidden, labels, self.lm_head)
            out.target_losses = losses
            count = len(losses) if num_items_in_batch is None else num_items_in_batch
            out.loss = losses.sum() / count
        if not skip_logits:
            if isinstance(logits_to_keep, int):
                hidden = hidden[:, -logits_to_keep:]
            else:
                hidden = hidden[:, logits_to_keep]
            out.logits = self.lm_head(hidden)
        return out


def _clip_tower(config: VaryConfig) -> CLIPVisionModel:
    """CLIP without what comes after the selected layer, which is not used."""
    clip = config.clip_config
    layers = clip.num_hidden_layers + 1 + config.clip_feature_layer
    if not 0 < layers <= clip.num_hidden_layers:
        raise WeightsError(
            f"clip_feature_layer {config.clip_feature_layer} of {clip.num_hidden_layers} layers",
            "it counts from the last: -1, -2, ...",
        )
    shorter = type(clip)(**{**clip.to_dict(), "num_hidden_layers": layers})
    shorter._attn_implementation = "sdpa"
    tower = CLIPVisionModel(shorter)
    # The norm of the pooled output: no gradient would reach it, and DDP waits for all of them.
    for module in tower.modules():
        if hasattr(module, "post_layernorm"):
            module.post_layernorm = nn.Identity()
    return tower


def _cast(pixels: Tensor, tower: nn.Module) -> Tensor:
    """Pictures in the type of a tower's weights."""
    return pixels.to(next(tower.parameters()).dtype)


def _trainable(module: nn.Module) -> bool:
    return any(p.requires_grad for p in module.parameters())
