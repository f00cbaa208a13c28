"""Rows to samples, and samples to batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.trainer.drawn_charts import charts, message, picture, row, write
from trainer.data.batches import Collate
from trainer.data.catalog import open_catalog
from trainer.data.loader import blank_sample, open_loader
from trainer.data.order import Ref, SampleOrder
from trainer.data.pictures import AUGMENTATIONS, augment, decode
from trainer.data.samples import Encoding, RejectedRow, Samples, TrainingSample
from trainer.data.tokenizer import train_tokenizer
from trainer.model.pixels import to_pixels
from vary_data.dataset.rejection import Rejected


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(["Read it. 0123456789"], 300)


def samples(
    tmp_path: Path, tokenizer: Any, rows: list[dict[str, Any]], **fields: Any
) -> list[TrainingSample | RejectedRow]:
    write(tmp_path, "c", rows)
    (configuration,) = open_catalog([str(tmp_path)], "train")
    options = {"conversation": "qwen", "image_size": 256, "max_length": 400} | fields
    encoded = Samples(Encoding(tokenizer=tokenizer, **options), cache_bytes=1)
    refs = [(g, r) for g in configuration.groups for r in range(g.rows)]
    return [encoded[Ref(n, "c", group, r)] for n, (group, r) in enumerate(refs)]


def reasons(found: list[TrainingSample | RejectedRow]) -> list[str]:
    return [s.reason if isinstance(s, RejectedRow) else "" for s in found]


def test_a_row_becomes_a_sample(tmp_path: Path, tokenizer: Any) -> None:
    (sample,) = samples(tmp_path, tokenizer, [row("a", "42")])
    assert isinstance(sample, TrainingSample)
    assert (sample.n, sample.id, sample.kind) == (0, "a", "chart")
    assert sample.image is not None
    assert sample.image.shape == (128, 128, 3)
    assert sample.image.dtype == torch.uint8
    text = tokenizer.decode([x for x in sample.labels if x != -100])
    assert text == "42<|im_end|>"
    assert sample.ids.count(tokenizer.convert_tokens_to_ids("<imgpad>")) == 16


def test_what_cannot_be_read_is_skipped_with_its_reason(tmp_path: Path, tokenizer: Any) -> None:
    good = picture("1")
    rows = [
        row("fine", "1"),
        row("broken", "1", image={"bytes": good[:200], "path": "x"}),
        row("no-png", "1", image={"bytes": b"hello", "path": "x"}),
        row("none", "1", image=None),
        row("empty", "", messages=[]),
        row("no-answer", "1", messages=[message("user", "Q", True)]),
        row("long", "1" * 500),
    ]
    found = samples(tmp_path, tokenizer, rows)
    assert reasons(found) == ["", "picture unreadable", "picture unreadable", "no picture",
                              "no answer", "no answer", "too long"]  # fmt: skip
    assert found[1].id == "broken"


def test_a_damaged_file_is_skipped(tmp_path: Path, tokenizer: Any) -> None:
    write(tmp_path, "c", charts(2))
    (configuration,) = open_catalog([str(tmp_path)], "train")
    file = configuration.groups[0].file
    content = bytearray(file.read_bytes())
    content[4:2000] = b"\xff" * 1996
    file.write_bytes(content)
    encoding = Encoding(tokenizer, "qwen", 256, 400)
    out = Samples(encoding, 1)[Ref(0, "c", configuration.groups[0], 0)]
    assert isinstance(out, RejectedRow)


def test_too_long_is_cut_without_a_forged_end(tmp_path: Path, tokenizer: Any) -> None:
    (sample,) = samples(
        tmp_path, tokenizer, [row("long", "1" * 500)], too_long="cut", max_length=300
    )
    assert isinstance(sample, TrainingSample)
    assert sample.cut
    assert len(sample.ids) == 300
    assert tokenizer.convert_tokens_to_ids("<|im_end|>") not in sample.labels


def test_text_alone_and_a_picture_that_no_message_mentions(tmp_path: Path, tokenizer: Any) -> None:
    talk = [message("user", "Hi"), message("assistant", "Yes")]
    rows = [row("text", "Yes", image=None, messages=talk), row("silent", "Yes", messages=talk)]
    text, silent = samples(tmp_path, tokenizer, rows)
    assert isinstance(text, TrainingSample)
    assert isinstance(silent, TrainingSample)
    assert text.image is None
    assert silent.image is not None
    pad = tokenizer.convert_tokens_to_ids("<imgpad>")
    assert (text.ids.count(pad), silent.ids.count(pad)) == (0, 16)


def sample(n: int, length: int, picture: bool = True) -> TrainingSample:
    ids = list(range(10 * n, 10 * n + length))
    labels = [-100] * (length - 2) + ids[-2:]
    image = torch.zeros(8, 8, 3, dtype=torch.uint8) if picture else None
    return TrainingSample(n, f"s{n}", "chart", ids, labels, image)


BLANK = TrainingSample(-1, "blank", "blank", [1, 2], [-100, -100], torch.zeros(8, 8, 3).byte())


def test_padded_batch() -> None:
    skipped = RejectedRow(3, "x", "c", "too long")
    batch = Collate(BLANK, "padded", pad_id=0, pad_to_multiple=4)(
        [sample(1, 3), skipped, sample(2, 5)]
    )
    assert batch.input_ids.tolist() == [[10, 11, 12, 0, 0, 0, 0, 0], [20, 21, 22, 23, 24, 0, 0, 0]]
    assert batch.labels[0].tolist() == [-100, 11, 12, -100, -100, -100, -100, -100]
    assert (batch.tokens, batch.targets, batch.skipped) == (8, 4, [skipped])
    assert batch.numbers == [1, 2]
    assert batch.segment_lengths is None


def test_packed_batch() -> None:
    batch = Collate(BLANK, "packed", pad_id=0, pad_to_multiple=4)([sample(1, 2), sample(2, 3)])
    assert batch.input_ids.tolist() == [[10, 11, 20, 21, 22, 0, 0, 0]]
    assert batch.labels.tolist() == [[-100, 11, -100, 21, 22, -100, -100, -100]]
    assert batch.sample_of.tolist() == [[0, 0, 1, 1, 1, -1, -1, -1]]
    assert batch.segment_lengths == [2, 3, 3]


def test_a_batch_without_pictures_gets_a_blank_one() -> None:
    batch = Collate(BLANK, "padded", 0)([sample(1, 3, picture=False)])
    assert len(batch.images) == 1
    assert batch.input_ids.shape == (2, 3)
    assert batch.targets == 2
    empty = Collate(BLANK, "packed", 0)([RejectedRow(0, "x", "c", "too long")])
    assert (empty.targets, len(empty.images), empty.kinds) == (0, 1, [])


def test_a_filled_batch_has_the_size_of_what_was_asked_for() -> None:
    skipped = RejectedRow(3, "x", "c", "too long")
    batch = Collate(BLANK, "padded", 0, fill=True)([skipped, sample(1, 3), skipped, sample(2, 5)])
    assert batch.input_ids.shape == (4, 5)
    assert (len(batch.images), batch.kinds, batch.targets) == (4, ["chart", "chart"], 4)
    assert batch.labels[2:].unique().tolist() == [-100]


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_do_not_depend_on_workers(tmp_path: Path, tokenizer: Any, workers: int) -> None:
    write(tmp_path, "c", charts(30))
    catalog = open_catalog([str(tmp_path)], "train")
    encoding = Encoding(tokenizer, "opt", 256, 100, augment_seed=5)
    collate = Collate(blank_sample(encoding), "padded", 0)
    order = SampleOrder(catalog, {}, 3, 2)
    lists = iter([order.take(4) for _ in range(5)])
    batches = list(open_loader(Samples(encoding, 2**20), lists, collate, workers))
    assert [b.numbers for b in batches] == [list(range(4 * i, 4 * i + 4)) for i in range(5)]
    order = SampleOrder(catalog, {}, 3, 2)
    direct = Samples(encoding, 1)
    again = collate([direct[r] for r in order.take(4)])
    assert torch.equal(batches[0].input_ids, again.input_ids)
    assert all(torch.equal(a, b) for a, b in zip(batches[0].images, again.images, strict=True))


def test_transparent_becomes_white() -> None:
    from trainer.model.image_processing import as_uint8

    assert as_uint8(Image.new("RGBA", (2, 2), (255, 0, 0, 0))).unique().tolist() == [255]


def test_a_huge_picture_is_not_decoded() -> None:
    import io

    buffer = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(buffer, "PNG")
    with pytest.raises(Rejected, match="picture too large"):
        decode(buffer.getvalue())


def test_every_augmentation_keeps_size_and_most_of_the_picture() -> None:
    image = decode(picture("Hello", 256)).convert("RGB")
    for _, change in AUGMENTATIONS:
        out = change(image, np.random.default_rng(0))
        assert out.size == image.size
        difference = np.abs(np.asarray(out, float) - np.asarray(image, float)).mean()
        assert 0 < difference < 30, change.__name__
    same = augment(image, np.random.default_rng(1))
    assert np.array_equal(same, augment(image, np.random.default_rng(1)))


def test_pictures_of_one_size_in_one_tensor_are_the_same_input() -> None:
    torch.manual_seed(0)
    pictures = torch.randint(0, 256, (3, 64, 64, 3), dtype=torch.uint8)
    for size in (64, 128):
        one = to_pixels(pictures, size, "imagenet", "stretch", "bicubic")
        each = to_pixels(list(pictures.unbind(0)), size, "imagenet", "stretch", "bicubic")
        assert torch.equal(one, each)
