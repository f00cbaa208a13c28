"""Converts checkpoints of other projects.

Vary and Vary-toy (Qwen-1 with two towers), Vary-tiny (OPT, also the one trained with LAVIS) and
GOT-OCR2 (Qwen2 with one tower, both the original and transformers' layout) become Vary models; a
plain Qwen-1 checkpoint becomes a Qwen2 one. The names of the tensors decide which one it is.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from torch import Tensor, nn
from transformers import (
    CLIPVisionConfig,
    GenerationConfig,
    PreTrainedTokenizerFast,
    Qwen2ForCausalLM,
)

from trainer.errors import WeightsError
from trainer.model import (
    VaryConfig,
    VaryForConditionalGeneration,
    VaryImageProcessor,
    VaryProcessor,
    VaryVisionConfig,
)
from trainer.model.conversation import FORMATS, check_tokenizer, end_id
from trainer.model.tokens import IMAGE_END, IMAGE_PAD, IMAGE_START, add_special_tokens, special_id
from trainer.weights import got_ocr2
from trainer.weights.assemble import CLIP_LARGE, load_model
from trainer.weights.files import fetch, has_config, read_config, read_tensors
from trainer.weights.folders import read_tokenizer
from trainer.weights.got_ocr2 import GOT_QUESTION
from trainer.weights.load import LoadReport, load_part
from trainer.weights.names import (
    clip_tensors,
    head_tensor,
    is_lavis,
    projector_tensors,
    text_tensors,
    vocabulary_tensors,
)
from trainer.weights.standalone import add_code
from trainer.weights.text_shape import text_config

QWEN1_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Qwen-1's split of text before merging; every digit is split off."""
QWEN1_SPECIALS = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", *(f"<|extra_{i}|>" for i in range(205)),
    "<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>", IMAGE_START, IMAGE_END, IMAGE_PAD,
)  # fmt: skip
"""In the order of their ids, from 151643: `<img>` is 151857, `<imgpad>` 151859."""


KINDS = {"opt": "Vary-tiny", "lavis": "Vary-tiny-600k", "qwen": "GOT-OCR2"}
"""Models with one tower, by their conversation format."""
LAVIS_QUESTION = "OCR: "


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted model with its processor or tokenizer."""

    kind: str
    model: Any
    processor: Any
    reports: tuple[LoadReport, ...]

    def save(self, folder: Path) -> None:
        """Write model, processor and, for Vary, the code that loads it.

        Raises:
            WeightsError: the folder cannot be written.
        """
        try:
            self.model.save_pretrained(folder)
            self.processor.save_pretrained(folder)
            if isinstance(self.model, VaryForConditionalGeneration):
                add_code(folder)
        except OSError as error:
            raise WeightsError(f"{folder} cannot be written ({error.strerror})") from error


def convert(
    source: str,
    tokenizer: str | None = None,
    normalization: str = "clip",
    resample: str = "bicubic",
) -> Converted:
    """Read a checkpoint of any known layout.

    `tokenizer` replaces the checkpoint's own. `normalization` and `resample` are those of the
    high-resolution pictures, which the original checkpoints do not contain (Vary and Vary-tiny:
    imagenet, cv2; Vary-toy, Vary-tiny-600k and GOT-OCR2: clip, bicubic).

    Raises:
        WeightsError: a tensor is missing, or the layout is not known.
    """
    path = fetch(source)
    tensors = read_tensors(path)
    lavis = is_lavis(tensors)
    # LAVIS writes no config: the language model is shaped like OPT-125M
    config = {} if lavis and not has_config(path) else read_config(path)
    text = text_tensors(tensors)
    if not text:
        raise WeightsError(
            f"{source} has no language model",
            "SAM and vocabulary weights need no conversion: train from them directly",
        )
    words = load_tokenizer(fetch(tokenizer) if tokenizer else path)
    vision_config = VaryVisionConfig()
    with torch.device("meta"):
        from trainer.model import VaryVisionModel

        tower_names = VaryVisionModel(vision_config).state_dict()
    vocabulary = vocabulary_tensors(tensors, tower_names)
    text_shape = text_config(config, text, source)
    if not vocabulary:
        return _plain_qwen(source, tensors, text, text_shape, words)
    clip_config = _clip_config(tensors)
    conversation = "opt" if text_shape.model_type == "opt" else "qwen"
    conversation = "lavis" if lavis else conversation
    add_special_tokens(words, FORMATS[conversation].specials)
    check_tokenizer(words, conversation, text_shape.vocab_size)
    vary = VaryConfig(
        vision_config=vision_config,
        clip_config=clip_config,
        text_config=text_shape,
        conversation=conversation,
        image_token_id=special_id(words, IMAGE_PAD),
        image_start_token_id=special_id(words, IMAGE_START),
        image_end_token_id=special_id(words, IMAGE_END),
    )
    model = VaryForConditionalGeneration(vary)
    inner = model.model
    reports = [load_part(inner.vision_tower, vocabulary, "vision", source)]
    if inner.clip_tower is not None:
        named = clip_tensors(tensors, inner.clip_tower.state_dict())
        reports.append(load_part(inner.clip_tower, named, "clip", source))
    projector = projector_tensors(tensors, two_towers=clip_config is not None)
    reports.append(load_part(inner.projector, projector, "projector", source))
    reports.append(_load_text(inner.language_model, text, source))
    _load_head(model, tensors, source)
    model.generation_config = GenerationConfig(
        eos_token_id=end_id(words, conversation), pad_token_id=words.pad_token_id
    )
    images = VaryImageProcessor(
        normalization=normalization,
        resample=resample,
        clip_size=clip_config.image_size if clip_config else None,
    )
    kind = "Vary" if clip_config else KINDS[conversation]
    processor = VaryProcessor(
        images,
        words,
        conversation=conversation,
        default_question=GOT_QUESTION if kind == "GOT-OCR2" else LAVIS_QUESTION if lavis else "",
    )
    return Converted(kind, model, processor, tuple(reports))


def convert_to_got_ocr2(source: str, folder: Path) -> None:
    """Write a Vary model (a run, a checkpoint, a folder) in the layout of GOT-OCR2.

    Raises:
        WeightsError: GOT-OCR2 has no such model, or the folder cannot be written.
    """
    assembly = load_model(fetch(source))
    try:
        got_ocr2.save_model(assembly.model, assembly.processor, folder)
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written ({error.strerror})") from error


def _plain_qwen(
    source: str, tensors: Mapping[str, Tensor], text: dict[str, Tensor], config: Any, words: Any
) -> Converted:
    if "transformer.wte.weight" not in tensors:
        raise WeightsError(
            f"{source} is a language model that needs no conversion", "set model.weights.text to it"
        )
    model = Qwen2ForCausalLM(config)
    reports = (_load_text(model.model, text, source),)
    _load_head(model, tensors, source)
    return Converted("Qwen-1", model, words, reports)


def _load_text(module: nn.Module, text: Mapping[str, Tensor], source: str) -> LoadReport:
    return load_part(module, text, "text", source)


def _load_head(model: Any, tensors: Mapping[str, Tensor], source: str) -> None:
    head = head_tensor(tensors)
    if head is not None and not model.config.get_text_config().tie_word_embeddings:
        load_part(model.lm_head, {"weight": head}, "lm_head", source)
    model.tie_weights()


def _clip_config(tensors: Mapping[str, Tensor]) -> CLIPVisionConfig | None:
    names = [k for k in tensors if "vision_tower.vision_model." in k]
    if not names:
        return None
    embedding = next(tensors[k] for k in names if k.endswith("patch_embedding.weight"))
    layers = {k.split(".layers.")[1].split(".")[0] for k in names if ".layers." in k}
    width, patch = embedding.shape[0], embedding.shape[-1]
    positions = next(tensors[k] for k in names if k.endswith("position_embedding.weight")).shape[0]
    shape = CLIP_LARGE | {
        "hidden_size": width,
        "intermediate_size": next(tensors[k] for k in names if k.endswith("fc1.weight")).shape[0],
        "num_hidden_layers": len(layers),
        "num_attention_heads": max(1, width // 64),
        "patch_size": patch,
        "image_size": patch * round((positions - 1) ** 0.5),  # one position is the class token's
    }
    return CLIPVisionConfig(**shape)


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer in a folder; Qwen-1's is built from `qwen.tiktoken`.

    Raises:
        WeightsError: there is no readable fast tokenizer.
    """
    ranks = folder / "qwen.tiktoken"
    if ranks.exists():
        return qwen1_tokenizer(ranks)
    return read_tokenizer(folder, "name one with --tokenizer")


def qwen1_tokenizer(ranks: Path) -> Any:
    """Qwen-1's tokenizer from its table of byte strings and ranks.

    Raises:
        WeightsError: the table cannot be read.
    """
    try:
        lines = ranks.read_bytes().splitlines()
        table = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
    except (OSError, ValueError) as error:
        raise WeightsError(f"{ranks} is not a table of ranks ({error})") from error
    letters = _byte_letters()
    vocabulary = {"".join(letters[b] for b in token): rank for token, rank in table.items()}
    merges: list[tuple[str, str]] = []
    for token, rank in sorted(table.items(), key=lambda item: item[1]):
        if len(token) > 1:
            left, right = _last_merge(token, table, rank)
            merges.append(("".join(letters[b] for b in left), "".join(letters[b] for b in right)))
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN1_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    words = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    add_special_tokens(words, QWEN1_SPECIALS)
    words.pad_token = "<|endoftext|>"
    return words


def _last_merge(token: bytes, table: Mapping[bytes, int], rank: int) -> tuple[bytes, bytes]:
    """The two parts that byte-pair encoding joins last when it makes `token`."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        ranks = [table.get(a + b, rank) for a, b in pairwise(parts)]
        best = min(range(len(ranks)), key=ranks.__getitem__)
        if ranks[best] >= rank:
            raise WeightsError(f"the table of ranks has no merges for {token!r}")
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts[0], parts[-1]


def _byte_letters() -> dict[int, str]:
    """GPT-2's printable character for every byte, used in byte-level vocabularies."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in set(printable)]
    letters = {b: chr(b) for b in printable}
    return letters | {b: chr(256 + i) for i, b in enumerate(others)}
