"""Builds the model that a run starts from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, CLIPVisionConfig, GenerationConfig

from trainer.data.catalog import TrainingSource
from trainer.errors import RunError, SettingsError, WeightsError
from trainer.model import (
    VaryConfig,
    VaryForConditionalGeneration,
    VaryImageProcessor,
    VaryProcessor,
    VaryVisionConfig,
)
from trainer.model.conversation import FORMATS, check_tokenizer, end_id
from trainer.model.tokens import IMAGE_END, IMAGE_PAD, IMAGE_START, add_special_tokens, special_id
from trainer.settings import ModelSettings, Settings
from trainer.training.run import model_folder
from trainer.weights import lora
from trainer.weights.files import fetch, read_tensors
from trainer.weights.folders import (
    read_model_config,
    read_processor,
    read_tokenizer,
    read_vary_model,
)
from trainer.weights.load import (
    COMPRESSOR,
    POSITION_OFFSET,
    LoadReport,
    grow_rows,
    load_part,
    resize_positions,
)
from trainer.weights.names import clip_tensors, head_tensor, text_tensors, vocabulary_tensors


@dataclass(frozen=True, slots=True)
class Assembly:
    """A model, its processor, and a report line for each loaded part."""

    model: VaryForConditionalGeneration
    processor: VaryProcessor
    reports: tuple[str, ...] = ()


def assemble(
    settings: Settings, catalog: Sequence[TrainingSource], empty: bool = False
) -> Assembly:
    """The model that a run starts from: a whole Vary model, or its parts.

    Parts that `settings.model.weights` does not name have random weights, drawn with the run's
    seed. `empty` builds only the shapes, on the meta device.

    Raises:
        SettingsError: random weights would be frozen, or settings do not fit each other.
        WeightsError: weights or tokenizer cannot be read or do not fit the model.
    """
    torch.manual_seed(settings.train.seed)
    if settings.model.weights.vary:
        return _assemble_from_vary(settings, empty)
    random_frozen = _check_frozen(settings)
    tokenizer, added = _tokenizer(settings.model, catalog)
    config = _config(settings, tokenizer)
    check_tokenizer(tokenizer, settings.model.conversation, config.text_config.vocab_size)
    model = _build(config, empty)
    reports = [] if empty else [str(report) for report in _load_parts(model, settings.model)]
    reports += [] if empty else [f"{part}: random weights, and frozen" for part in random_frozen]
    if added:
        reports.append(f"tokenizer: added {', '.join(added)}")
    processor = VaryProcessor(
        VaryImageProcessor(
            image_size=settings.model.image_size,
            normalization=settings.model.normalization,
            resample=settings.model.resample,
            clip_size=config.clip_config.image_size if config.clip_config else None,
            clip_fit=settings.model.clip_fit,
        ),
        tokenizer,
        conversation=settings.model.conversation,
    )
    model.generation_config = GenerationConfig(
        eos_token_id=end_id(tokenizer, settings.model.conversation),
        pad_token_id=tokenizer.pad_token_id,
    )
    return Assembly(model, processor, tuple(reports))


def load_model(folder: Path, dtype: torch.dtype | str = "auto", empty: bool = False) -> Assembly:
    """A saved Vary model (a run, a checkpoint, a folder) and its processor; adapters are merged.

    Raises:
        RunError: the folder has no model.
        WeightsError: the model cannot be loaded or is incomplete.
    """
    folder = model_folder(folder)
    if (folder / lora.CONFIG).exists():
        assembly = load_model(lora.base_of(folder), dtype)
        lora.merge_adapters(assembly.model, folder)
        return assembly
    config = read_model_config(folder)
    if not isinstance(config, VaryConfig):
        raise WeightsError(
            f"{folder} has a {config.model_type} model", "convert it with vary-train convert"
        )
    processor = read_processor(folder)
    if empty:
        return Assembly(_build(config, empty), processor)
    model, info = read_vary_model(folder, dtype=dtype)
    missing = sorted(info["missing_keys"]) + sorted(map(str, info.get("mismatched_keys", ())))
    if missing:
        raise WeightsError(f"{folder} lacks {len(missing)} tensors ({missing[0]}, …)")
    check_tokenizer(processor.tokenizer, processor.conversation, config.text_config.vocab_size)
    return Assembly(model, processor)


def _build(config: VaryConfig, empty: bool) -> VaryForConditionalGeneration:
    with torch.device("meta") if empty else nullcontext():
        return VaryForConditionalGeneration(config)


def _check_frozen(settings: Settings) -> list[str]:
    """The frozen parts with random weights.

    Raises:
        SettingsError: there are some, and the model is not a toy with its own tokenizer.
    """
    weights, found = settings.model.weights, []
    for part, source, flag in (
        ("vision", weights.vision, "--vision-vocabulary PATH"),
        ("clip", weights.clip, "model.weights.clip=PATH"),
        ("text", weights.text, "model.weights.text=PATH"),
    ):
        if part in settings.train.freeze and not source:
            if settings.model.tokenizer != "bytes":
                raise SettingsError(f"{part} is frozen, but has no weights", f"use {flag}")
            found.append(part)
    return found


def _assemble_from_vary(settings: Settings, empty: bool) -> Assembly:
    model = settings.model
    source = model.weights.vary
    assembly = load_model(fetch(str(source)), torch.float32, empty)
    config = assembly.model.config
    if (config.clip_config is None) != (settings.stage == "tiny"):
        has = "no CLIP tower" if config.clip_config is None else "a CLIP tower"
        raise WeightsError(f"{source} has {has}", f"it does not fit stage {settings.stage!r}")
    if config.conversation != model.conversation:
        raise SettingsError(
            f"{source} uses the conversation format {config.conversation!r}",
            f"set model.conversation={config.conversation}",
        )
    if model.image_size > config.vision_config.image_size:
        raise SettingsError(
            f"model.image_size is {model.image_size}, but the weights' position tables end at "
            f"{config.vision_config.image_size}"
        )
    positions = config.text_config.max_position_embeddings
    if config.text_config.model_type == "opt" and model.max_length > positions:
        raise SettingsError(
            f"model.max_length is {model.max_length}, but {source} has {positions} positions",
            f"set model.max_length={positions}",
        )
    assembly.processor.image_processor.image_size = model.image_size
    report = f"model: all tensors from {source}"
    return Assembly(assembly.model, assembly.processor, (report,))


def _tokenizer(settings: ModelSettings, catalog: Sequence[TrainingSource]) -> tuple[Any, list[str]]:
    if settings.tokenizer == "bytes":
        from trainer.data.tokenizer import dataset_texts, train_tokenizer

        return train_tokenizer(dataset_texts(catalog), settings.tokenizer_size), []
    source = settings.tokenizer or settings.weights.text
    if source is None:
        raise SettingsError(
            "no language model is named",
            "set model.weights.text=PATH, or try --preset toy, which needs no download",
        )
    tokenizer = read_tokenizer(fetch(source))
    return tokenizer, add_special_tokens(tokenizer, FORMATS[settings.conversation].specials)


def _config(settings: Settings, tokenizer: Any) -> VaryConfig:
    model = settings.model
    vision = {"image_size": 1024, **model.vision}
    if model.image_size > vision["image_size"]:
        raise SettingsError(
            f"model.image_size is {model.image_size}, but model.vision.image_size is "
            f"{vision['image_size']}"
        )
    clip = None
    if settings.stage != "tiny":
        clip = CLIPVisionConfig(**(CLIP_LARGE | model.clip))
        if (clip.image_size // clip.patch_size) ** 2 != (model.image_size // 64) ** 2:
            raise SettingsError(
                f"CLIP makes {(clip.image_size // clip.patch_size) ** 2} tokens of "
                f"{clip.image_size} pixels, the vocabulary {(model.image_size // 64) ** 2} of "
                f"{model.image_size}",
                "set model.clip.image_size or model.image_size",
            )
    try:
        config = VaryConfig(
            vision_config=VaryVisionConfig(**vision),
            clip_config=clip,
            text_config=_text_config(model, tokenizer),
            conversation=model.conversation,
            image_token_id=special_id(tokenizer, IMAGE_PAD),
            image_start_token_id=special_id(tokenizer, IMAGE_START),
            image_end_token_id=special_id(tokenizer, IMAGE_END),
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise SettingsError(f"the model's shape is not valid ({reason})") from error
    if clip is not None and config.text_config.hidden_size % 2:
        raise SettingsError("the language model's width must be even: two projectors divide it")
    return config


CLIP_LARGE = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 224,
    "patch_size": 14,
    "projection_dim": 768,
}


def _text_config(model: ModelSettings, tokenizer: Any) -> Any:
    if model.weights.text:
        text = read_model_config(fetch(model.weights.text))
        text = getattr(text, "text_config", None) or text
        text.vocab_size = max(text.vocab_size, len(tokenizer))
    else:
        shape = dict(model.text)
        if "model_type" not in shape:
            raise SettingsError(
                "no language model is named",
                "set model.weights.text=PATH or describe one under model.text (model_type, …)",
            )
        text = AutoConfig.for_model(
            shape.pop("model_type"),
            **{
                "vocab_size": len(tokenizer),
                "pad_token_id": tokenizer.pad_token_id,
                "bos_token_id": tokenizer.bos_token_id,
                "eos_token_id": tokenizer.eos_token_id,
                **shape,
            },
        )
    if text.max_position_embeddings < model.max_length or text.model_type == "opt":
        text.max_position_embeddings = model.max_length
    return text


def _load_parts(model: VaryForConditionalGeneration, settings: ModelSettings) -> list[LoadReport]:
    inner, weights = model.model, settings.weights
    reports = []
    if weights.vision:
        reports.append(load_vocabulary(inner.vision_tower, weights.vision))
    if weights.clip and inner.clip_tower is not None:
        tensors = read_tensors(fetch(weights.clip))
        named = clip_tensors(tensors, inner.clip_tower.state_dict())
        reports.append(load_part(inner.clip_tower, named, "clip", weights.clip))
    if weights.text:
        reports.append(_load_text(model, weights.text))
    return reports


def load_vocabulary(tower: Any, source: str) -> LoadReport:
    """Fill the vocabulary network; `net_2` and `net_3` may be missing, as in SAM's weights.

    Raises:
        WeightsError: the weights cannot be read or do not fit.
    """
    path = fetch(source)
    if path.is_dir():
        with suppress(RunError):  # a folder that has only weights is used as it is
            path = model_folder(path)
    named = vocabulary_tensors(read_tensors(path), tower.state_dict())
    return load_part(tower, named, "vision", source, may_be_new=COMPRESSOR)


def _load_text(model: VaryForConditionalGeneration, source: str) -> LoadReport:
    tensors = read_tensors(fetch(source))
    named = text_tensors(tensors)
    head = head_tensor(tensors)
    text, notes = model.model.language_model, []
    state = text.state_dict()
    for name, value in named.items():
        if name.endswith("embed_positions.weight") and name in state:
            rows = state[name].shape[0]
            before, after = value.shape[0] - POSITION_OFFSET, rows - POSITION_OFFSET
            if after > before:
                notes.append(f"positions interpolated from {before} to {after}")
            elif after < before:
                notes.append(f"the first {after} of {before} positions")
            named[name] = resize_positions(value, rows)
        elif name.endswith("embed_tokens.weight") and name in state:
            more = state[name].shape[0] - value.shape[0]
            if more > 0:
                notes.append(f"{more} new embeddings at the mean")
            named[name] = grow_rows(value, state[name].shape[0])
    report = load_part(text, named, "text", source, notes=tuple(notes))
    if not model.config.tie_word_embeddings:
        if head is None:
            raise WeightsError(f"{source} has no lm_head.weight")
        grown = grow_rows(head, model.config.text_config.vocab_size)
        load_part(model.lm_head, {"weight": grown}, "lm_head", source)
    model.tie_weights()
    return report
