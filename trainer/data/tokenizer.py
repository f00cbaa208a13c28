"""A byte-level tokenizer trained on a dataset: for toy models, with nothing to download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from trainer.data.catalog import Configuration
from trainer.data.rows import RowReader
from trainer.data.samples import conversation_turns
from trainer.model.tokens import IMAGE_TOKENS

SINGLE = r"\d|\p{Han}|[\u3000-\u303F\uFF00-\uFFEF]"
SPECIALS = ("<pad>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", *IMAGE_TOKENS)


def train_tokenizer(texts: Iterable[str], size: int) -> Any:
    """A byte-level BPE tokenizer of at most `size` entries: every text has an exact encoding.

    Digits and Chinese characters are tokens of their own: what is read one by one is written one
    by one.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SINGLE), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIALS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        extra_special_tokens=[s for s in SPECIALS if s not in ("<pad>", "</s>")],
    )


def dataset_texts(catalog: Sequence[Configuration], rows: int = 2000) -> Iterable[str]:
    """Questions and answers of the first rows of every configuration."""
    for configuration in catalog:
        reader = RowReader(("text", "messages", "image"), cache_bytes=1)
        left = rows
        for group, picked in configuration.taken():
            for row in sorted(set(picked))[:left]:
                for turn in conversation_turns(reader.row(group, row)):
                    yield turn.text
            left -= len(picked)
            if left <= 0:
                break
