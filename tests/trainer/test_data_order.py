"""Order of samples: complete, seeded, independent of workers, ranks and restarts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.drawn_charts import charts, write
from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.loader import ProcessShare, held_out, plan
from trainer.data.order import SampleOrder
from trainer.errors import DataError
from vary_data.base.errors import SourceError
from vary_data.dataset.row_groups import RowGroup


def catalog(**sizes: list[int]) -> list[TrainingSource]:
    return [
        TrainingSource(name, tuple(RowGroup(Path(name), i, n) for i, n in enumerate(groups)))
        for name, groups in sizes.items()
    ]


SIZES = st.lists(st.integers(0, 7), min_size=1, max_size=6).filter(lambda s: sum(s) > 0)


@given(SIZES, SIZES, st.integers(0, 3), st.integers(0, 5))
def test_an_epoch_has_every_row_once(a: list[int], b: list[int], mixed: int, seed: int) -> None:
    rows = sum(a) + sum(b)
    order = SampleOrder(catalog(a=a, b=b), {}, seed, mixed)
    for _ in range(2):
        refs = order.take(rows)
        seen = Counter((r.configuration, r.group.index, r.row) for r in refs)
        assert len(seen) == rows
        assert all(r.row < r.group.rows for r in refs)


@given(st.integers(0, 40), st.integers(1, 20))
def test_state_is_the_counts(before: int, after: int) -> None:
    sizes = {"a": [5, 3], "b": [9]}
    order = SampleOrder(catalog(**sizes), {"a": 3, "b": 1}, 7, 2)
    order.take(before)
    again = SampleOrder(catalog(**sizes), {"a": 3, "b": 1}, 7, 2, order.counts)
    assert again.position == before
    assert again.take(after) == order.copy().take(after) == order.take(after)


def test_weights_are_kept_at_every_moment() -> None:
    order = SampleOrder(catalog(a=[10], b=[10], c=[10]), {"a": 0.5, "b": 0.25, "c": 0.25}, 0, 0)
    refs = order.take(400)
    for n in (4, 40, 400):
        counts = Counter(r.configuration for r in refs[:n])
        assert abs(counts["a"] - n * 0.5) < 1
        assert abs(counts["b"] - n * 0.25) < 1


def test_seed_and_epoch_change_the_order() -> None:
    def rows(seed: int) -> list[int]:
        return [r.row for r in SampleOrder(catalog(a=[50]), {}, seed, 0).take(100)]

    assert rows(0) == rows(0)
    assert rows(0) != rows(1)
    assert rows(0)[:50] != rows(0)[50:]


def test_ranks_share_the_same_global_batches() -> None:
    def batches(world: int, micro: int) -> list[list[int]]:
        shares = [ProcessShare(rank, world, 8, micro) for rank in range(world)]
        plans = [
            [[r.n for r in m] for m in plan(SampleOrder(catalog(a=[30]), {}, 0, 0), share, 3)]
            for share in shares
        ]
        per_step = 8 // world // micro
        return [
            [n for p in plans for m in p[step * per_step : (step + 1) * per_step] for n in m]
            for step in range(3)
        ]

    expected = [list(range(8)), list(range(8, 16)), list(range(16, 24))]
    assert batches(1, 8) == batches(2, 2) == batches(4, 1) == expected


def test_catalog_finds_configurations(tmp_path: Path) -> None:
    write(tmp_path, "charts-en", charts(20), shards=2)
    write(tmp_path, "pages-zh", charts(5))
    write(tmp_path, "pages-zh", charts(3), split="validation")
    found = open_catalog([str(tmp_path)], "train")
    assert [(c.name, c.rows, len(c.groups)) for c in found] == [
        ("charts-en", 20, 4),
        ("pages-zh", 5, 1),
    ]
    assert [c.name for c in open_catalog([str(tmp_path / "pages-zh")], "train")] == ["pages-zh"]
    inside = open_catalog([str(tmp_path / "pages-zh" / "data")], "validation")
    assert [c.rows for c in inside] == [3]
    assert [c.name for c in open_catalog([str(tmp_path)], "train", {"pages-zh": 1})] == ["pages-zh"]


def test_errors_of_sources_are_explained(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pytest.raises(DataError, match="is not a dataset folder"):
        open_catalog([str(tmp_path / "nothing")], "train")
    with pytest.raises(DataError, match="has no Parquet files of split 'train'"):
        open_catalog([str(tmp_path)], "train")
    write(tmp_path / "ok", "charts", charts(2))
    with pytest.raises(DataError, match="of split 'test'; it has: train"):
        open_catalog([str(tmp_path / "ok")], "test")
    with pytest.raises(DataError, match=r"no configuration 'chart'; did you mean 'charts'"):
        open_catalog([str(tmp_path / "ok")], "train", {"chart": 1.0})
    write(tmp_path / "empty", "charts", [])
    with pytest.raises(DataError, match="has no rows in split 'train'"):
        open_catalog([str(tmp_path / "empty")], "train")
    other = tmp_path / "other"
    other.mkdir()
    pq.write_table(pa.table({"id": ["a"], "picture": [b""]}), other / "train-0.parquet")
    with pytest.raises(SourceError, match="has no column 'image'; expected a dataset by vary-data"):
        open_catalog([str(other)], "train")
    columns = {"id": ["a"], "image": ["a.png"], "text": ["a"], "messages": ["a"], "kind": ["a"]}
    pq.write_table(pa.table(columns), other / "train-0.parquet")
    with pytest.raises(SourceError, match="column 'image' is string"):
        open_catalog([str(other)], "train")
    (other / "train-0.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(SourceError, match="cannot be read as Parquet"):
        open_catalog([str(other)], "train")


def test_held_out_micro_batches_are_of_one_configuration_each(tmp_path: Path) -> None:
    for name, count in (("a", 20), ("b", 3), ("c", 9)):
        write(tmp_path, name, charts(count, prefix=name))
    catalog = open_catalog([str(tmp_path)], "train")
    batches = list(held_out(catalog, samples=24, micro=4, rank=0, world=1))
    assert [(name, len(refs)) for name, refs in batches] == [
        ("a", 4), ("a", 4), ("b", 3), ("c", 4), ("c", 4),
    ]  # fmt: skip
    assert all(ref.configuration == name for name, refs in batches for ref in refs)
    # two processes share every step: as many micro-batches each, and no row twice
    halves = [list(held_out(catalog, 24, 4, rank, 2)) for rank in (0, 1)]
    assert [(n, len(r)) for n, r in halves[0]] == [(n, len(r)) for n, r in halves[1]]
    seen = [ref for half in halves for _, refs in half for ref in refs]
    assert len({(r.configuration, r.group.index, r.row) for r in seen}) == len(seen)
