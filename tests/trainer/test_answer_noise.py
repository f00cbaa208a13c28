"""Wrong tokens in the answers that a model reads in training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.trainer.drawn_charts import row, write
from trainer.data.answer_noise import AnswerNoise
from trainer.data.catalog import open_catalog
from trainer.data.loader import ProcessShare, open_held_out
from trainer.data.order import Ref
from trainer.data.samples import Encoding, Samples, TrainingSample
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import SettingsError
from trainer.model.conversation import FORMATS, ChatTurn, encode, end_id
from trainer.model.loss import IGNORE
from trainer.model.tokens import special_id
from trainer.settings import DataSettings, load_settings, recipe_path

END = 2999
NOISE = AnswerNoise(0.2, 5, END)


def test_a_share_of_an_answer_is_wrong_and_the_rest_stays() -> None:
    """The question, targets, and the token that ends an answer do not change."""
    ids = list(range(1000, 3000))
    labels = [IGNORE] * 500 + ids[500:1000] + [IGNORE] * 100 + ids[1100:]
    before = list(labels)
    noisy = NOISE.applied(ids, labels, (7,))
    wrong = [i for i in range(len(ids)) if noisy[i] != ids[i]]
    assert labels == before
    assert all(labels[i] != IGNORE for i in wrong)
    assert not {999, 1999} & set(wrong)
    assert 0.15 < len(wrong) / 1400 < 0.25
    answers = set(ids[500:999]) | set(ids[1100:1999])
    assert {noisy[i] for i in wrong} <= answers


def test_the_same_key_gives_the_same_noise() -> None:
    ids = list(range(300))
    labels = [IGNORE, *ids[1:]]
    assert NOISE.applied(ids, labels, (7,)) == NOISE.applied(ids, labels, (7,))
    assert NOISE.applied(ids, labels, (7,)) != NOISE.applied(ids, labels, (8,))
    assert NOISE.applied(ids, labels, (7,)) != AnswerNoise(0.2, 6, END).applied(ids, labels, (7,))


@pytest.mark.parametrize("answer", [[], [5], [5, 6]])
def test_short_answers(answer: list[int]) -> None:
    """An answer of one token has only its end; nothing can replace the only other one."""
    ids = [1, 2, *answer]
    assert AnswerNoise(0.99, 0, END).applied(ids, [IGNORE, IGNORE, *answer], (0,)) == ids


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(["0123456789"], 300)


@pytest.mark.parametrize("name", list(FORMATS))
def test_no_token_of_a_conversation_changes_but_those_of_answers(name: str) -> None:
    """Not the end of an answer either, also between two answers that follow each other."""
    tokenizer = train_tokenizer(["0123456789"], 300)
    tokenizer.add_special_tokens({"additional_special_tokens": list(FORMATS[name].specials)})
    turns = [ChatTurn("user", "0 1", images=1), ChatTurn("assistant", "2 0 4 7 1")]
    if name in ("qwen", "vicuna"):
        turns += [ChatTurn("assistant", "5 3 9 6"), ChatTurn("user", "8"), turns[1]]
    encoded = encode(tokenizer, name, turns, 16)
    kept = {special_id(tokenizer, special) for special in FORMATS[name].specials}
    noise = AnswerNoise(0.99, 0, end_id(tokenizer, name))
    for key in range(50):
        noisy = noise.applied(encoded.ids, encoded.labels, (key,))
        changed = [i for i, (a, b) in enumerate(zip(encoded.ids, noisy, strict=True)) if a != b]
        assert changed
        assert all(encoded.labels[i] != IGNORE for i in changed)
        assert not {token for i in changed for token in (encoded.ids[i], noisy[i])} & kept


def test_samples_have_noise_and_held_out_ones_do_not(tmp_path: Path, tokenizer: Any) -> None:
    write(tmp_path, "c", [row("a", "0123456789" * 10)])
    catalog = open_catalog([str(tmp_path)], "train")
    encoding = Encoding(tokenizer, "opt", 256, 400, answer_noise=NOISE)
    ref = Ref(0, "c", catalog[0].groups[0], 0)
    sample = Samples(encoding, cache_bytes=1)[ref]
    assert isinstance(sample, TrainingSample)
    wrong = [i for i, label in enumerate(sample.labels) if label not in (IGNORE, sample.ids[i])]
    assert 5 < len(wrong) < 40
    share = ProcessShare(0, 1, 1, 1)
    data = DataSettings(workers=0)
    ((_, batch),) = open_held_out(catalog, encoding, data, "padded", 1, share)
    targets = batch.labels != IGNORE
    assert batch.labels[targets].tolist() == [x for x in sample.labels if x != IGNORE]
    assert batch.input_ids[targets].tolist() == batch.labels[targets].tolist()


@pytest.mark.parametrize("share", ["1", "1.5", "-0.1", ".nan"])
def test_a_share_out_of_range(share: str) -> None:
    with pytest.raises(SettingsError, match=rf"data\.answer_noise is {float(share.lstrip('.'))}"):
        load_settings(recipe_path("tiny-toy"), [f"data.answer_noise={share}"])
