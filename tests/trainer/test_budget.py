"""Forward passes of up to so many tokens."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.small_runs import losses, tree, write_uneven
from trainer.data.batches import Collate
from trainer.data.budget import StepCollate, alike, balanced, filled
from trainer.data.samples import RejectedRow, TrainingSample
from trainer.errors import SettingsError
from trainer.model.loss import IGNORE
from trainer.settings import Settings, settings_from
from trainer.training.loop import train
from trainer.training.run import Run, read_lines

LENGTHS = st.lists(st.integers(1, 90), max_size=40)


@given(LENGTHS, st.integers(1, 100), st.integers(1, 8), st.integers(1, 8))
def test_every_sample_is_in_one_group_within_the_limits(
    lengths: list[int], tokens: int, samples: int, multiple: int
) -> None:
    for groups, padded in ((alike(lengths, tokens, samples, multiple), True),
                           (balanced(lengths, tokens, samples), False)):  # fmt: skip
        assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
        for group in groups:
            width = max(lengths[i] for i in group)
            width += -width % multiple
            size = width * len(group) if padded else sum(lengths[i] for i in group)
            assert len(group) <= samples
            assert size <= tokens or len(group) == 1


def test_groups_by_hand() -> None:
    # 90 alone (2 x 90 > 100); 50 and 48 padded to 50; the rest padded to 10
    assert alike([10, 50, 9, 90, 48, 8], 100, 4) == [[3], [1, 4], [0, 2, 5]]
    # first-fit: [60, 40], [30, 20]; the same number of groups is evened out to 80 and 70
    assert balanced([60, 40, 30, 20], 100, 4) == [[0, 3], [1, 2]]


def sample(n: int, length: int) -> TrainingSample:
    white = torch.full((8, 8, 3), 255, dtype=torch.uint8)
    labels = [7 if n >= 0 else IGNORE] * length  # a blank sample has no targets
    return TrainingSample(n, str(n), "chart", [7] * length, labels, white)


@pytest.mark.parametrize("sequences", ["padded", "packed"])
def test_padding_falls_and_the_samples_stay(sequences: str) -> None:
    lengths = random.Random(0).choices((20, 30, 200, 400), k=64)
    items: list[Any] = [sample(n, length) for n, length in enumerate(lengths)]
    items.append(RejectedRow(64, "x", "c", "no picture"))
    collate = Collate(sample(-1, 4), sequences, 0)
    in_order = [collate(items[i : i + 8]) for i in range(0, 64, 8)]
    by_tokens = StepCollate(collate, 1600, 16)(items).batches
    assert sorted(n for b in by_tokens for n in b.numbers) == list(range(64))
    assert [row.n for b in by_tokens for row in b.skipped] == [64]
    assert max(b.input_ids.numel() for b in by_tokens) <= 1600
    assert len(by_tokens[-1].kinds) == max(len(b.kinds) for b in by_tokens)

    def padding(batches: list[Any]) -> float:
        return 1 - sum(b.tokens for b in batches) / sum(b.input_ids.numel() for b in batches)

    if sequences == "padded":
        assert padding(in_order) > 0.4
        assert padding(by_tokens) < 0.05
    else:  # without padding, passes are of like sizes
        sizes = [b.input_ids.numel() for b in by_tokens]
        assert max(sizes) < 1.1 * min(sizes)


def test_a_process_with_fewer_passes_adds_empty_ones() -> None:
    collate = Collate(sample(-1, 4), "packed", 0)
    step = StepCollate(collate, 100, 4)([sample(0, 30), sample(1, 80)])
    batches = list(filled(step, 4, collate))
    assert [b.numbers for b in batches] == [[], [], [1], [0]]
    assert [b.targets for b in batches] == [0, 0, 79, 29]  # packed: a sample's first label is out
    nothing = StepCollate(collate, 100, 4)([])
    assert [b.numbers for b in nothing.batches] == [[]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_uneven(tmp_path_factory.mktemp("data"))


def settings(data: Path, stage: str, **fields: Any) -> Settings:
    values = tree(data, stage, **fields)
    return settings_from(values | {"evaluation": {"every": 0}})


def test_the_losses_are_those_of_fixed_batches_with_less_padding(
    data: Path, tmp_path: Path
) -> None:
    train(settings(data, "tiny"), tmp_path / "fixed")
    train(settings(data, "tiny", micro_tokens=400, micro_batch=8), tmp_path / "tokens")
    assert losses(tmp_path / "tokens") == pytest.approx(losses(tmp_path / "fixed"), rel=1e-5)
    padding = [
        sum(line["padding"] for line in read_lines(Run(tmp_path / name).log) if "padding" in line)
        for name in ("fixed", "tokens")
    ]
    assert padding[1] < 0.7 * padding[0]
    with pytest.raises(SettingsError, match=r"train\.micro_tokens is -1; 0 is no limit"):
        settings(data, "tiny", micro_tokens=-1)


def test_it_resumes_to_the_bit(data: Path, tmp_path: Path) -> None:
    chosen, out = settings(data, "tiny", micro_tokens=300, micro_batch=8), tmp_path / "run"
    train(chosen, out)
    before, skipped = losses(out), (out / "skipped.jsonl").read_text()
    shutil.rmtree(out / "checkpoints" / "step-00000006")  # as if stopped before it
    train(chosen, out)
    assert losses(out) == before
    assert (out / "skipped.jsonl").read_text() == skipped
