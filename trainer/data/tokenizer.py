"""A byte-level tokenizer trained on a dataset: for toy models, without a download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from trainer.data.catalog import TrainingSource
from trainer.data.rows import RowReader
from trainer.data.samples import conversation_turns
from trainer.model.tokens import IMAGE_TOKENS
from vary_data.dataset.rejection import Rejected

SINGLE_CHARACTERS = r"\d|\p{Han}|[\u3000-\u303F\uFF00-\uFFEF]"
SPECIALS = ("<pad>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", *IMAGE_TOKENS)


def train_tokenizer(texts: Iterable[str], size: int) -> Any:
    """A byte-level BPE tokenizer of at most `size` entries: every text has an exact encoding.

    Every digit and every Chinese character is one token: the model reads them one by one.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SINGLE_CHARACTERS), "isolated"),
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


def dataset_texts(catalog: Sequence[TrainingSource], rows: int = 2000) -> Iterable[str]:
    """Questions and answers of the first rows of every source."""
    for source in catalog:
        reader = RowReader(("text", "messages", "image"), cache_bytes=1)
        remaining = rows
        for group, numbers in source.epoch_rows():
            for row in sorted(set(numbers))[:remaining]:
                with suppress(Rejected):  # the row has no text in the chosen form
                    yield from (t.text for t in conversation_turns(reader.row(group, row)))
            remaining -= len(numbers)
            if remaining <= 0:
                break
