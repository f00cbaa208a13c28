"""Reads configs, tokenizers, processors and models from folders, which others may have made.

transformers runs Python files of a folder on `trust_remote_code=True`, and asks on the terminal if
it is not told. Here it never does: the classes are those of transformers and of this project. Chat
templates are programs, too. No command runs the template of a folder: prompts are written by
`trainer.model.conversation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from transformers import AutoConfig, AutoTokenizer

from trainer.errors import TrainerError, WeightsError
from trainer.model import VaryForConditionalGeneration, VaryProcessor

MAX_REASON = 300
"""Characters of an error of transformers, which may list all that it knows."""


def read_model_config(folder: Path) -> Any:
    """The config of a model folder.

    Raises:
        WeightsError: it cannot be read, or needs code of the folder or of the hub.
    """
    with _one_line(f"{folder} has no readable config"):
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    for part in (config, *(getattr(config, name, None) for name in config.sub_configs)):
        # "owner/name" is code for attention that transformers fetches from the hub.
        attention = getattr(part, "_attn_implementation", None)
        if "/" in str(attention):
            raise WeightsError(
                f"{folder}/config.json asks for the attention code {attention!r}",
                "remove attn_implementation from it",
            )
    return config


def read_tokenizer(folder: Path, hint: str = "") -> Any:
    """The fast tokenizer of a folder.

    Raises:
        WeightsError: it cannot be read, is not a fast one, or needs code of the folder.
    """
    with _one_line(f"{folder} has no readable tokenizer", hint):
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    if not tokenizer.is_fast:
        raise WeightsError(f"the tokenizer of {folder} has no fast form", hint)
    return tokenizer


def read_processor(folder: Path) -> VaryProcessor:
    """The processor of a Vary model.

    Raises:
        WeightsError: it cannot be read, or needs code of the folder.
    """
    with _one_line(f"{folder} has no readable processor"):
        found: VaryProcessor = VaryProcessor.from_pretrained(folder, trust_remote_code=False)
    return found


def read_vary_model(folder: Path, **settings: Any) -> tuple[VaryForConditionalGeneration, Any]:
    """A Vary model, and what transformers says of its tensors.

    Raises:
        WeightsError: it cannot be read.
    """
    with _one_line(f"{folder} cannot be loaded"):
        model, info = VaryForConditionalGeneration.from_pretrained(
            folder, output_loading_info=True, trust_remote_code=False, **settings
        )
    return model, info


@contextmanager
def _one_line(message: str, hint: str = "") -> Iterator[None]:
    """Every error of a library that reads a damaged or hostile folder, in one line."""
    try:
        yield
    except (TrainerError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, UnpicklingError):
            reason = "its weights are not a plain file of tensors"
        elif "trust_remote_code" in str(error):
            reason = "it needs Python code of its own, which is not run"
        else:
            text = str(error).strip() if str(error).strip() else type(error).__name__
            reason = text.splitlines()[0][:MAX_REASON]
        raise WeightsError(f"{message} ({reason})", hint) from error
