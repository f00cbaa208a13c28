"""Row groups are read about once an epoch, whatever the number of processes and workers."""

from __future__ import annotations

from collections import Counter, OrderedDict
from pathlib import Path

import pytest

from tests.trainer.drawn_charts import charts, row, write
from trainer.data.batches import Collate
from trainer.data.catalog import TrainingSource, open_catalog
from trainer.data.loader import ProcessShare, blank_sample, plan
from trainer.data.order import Ref, SampleOrder
from trainer.data.readers import GroupOwners, open_readers
from trainer.data.samples import Encoding, Samples
from trainer.data.tokenizer import train_tokenizer
from vary_data.dataset.row_groups import RowGroup

GROUPS, ROWS, CACHED = 64, 128, 24


def catalog() -> list[TrainingSource]:
    groups = tuple(RowGroup(Path(f"{i // 8}.parquet"), i % 8, ROWS) for i in range(GROUPS))
    return [TrainingSource("pages", groups)]


def reads(processes: int, workers: int, batch: int = 512) -> float:
    """How often a row group is read in an epoch, with the last `CACHED` groups in memory."""
    total = 0
    seen: Counter[int] = Counter()
    for rank in range(processes):
        share = ProcessShare(rank, processes, batch, 16)
        owners = GroupOwners(workers)
        caches: list[OrderedDict[RowGroup, None]] = [OrderedDict() for _ in range(workers)]
        order = SampleOrder(catalog(), {}, 0, 16)
        for refs in plan(order, share, GROUPS * ROWS // batch):
            seen.update(ref.n for ref in refs)
            for cache, part in zip(caches, owners.parts(refs), strict=True):
                for _, ref in part:
                    total += ref.group not in cache
                    cache[ref.group] = None
                    cache.move_to_end(ref.group)
                    if len(cache) > CACHED:
                        cache.popitem(last=False)
    assert seen == Counter(range(GROUPS * ROWS)), "every sample once"
    return total / GROUPS


def test_one_process_reads_every_row_group_once() -> None:
    assert reads(1, 1) == reads(1, 8) == 1


def test_several_processes_read_a_row_group_about_once() -> None:
    assert reads(2, 4) < 1.2
    assert reads(8, 8) < 2.5  # whole batches for each of 64 workers: 41 times


def test_workers_get_equal_parts() -> None:
    owners = GroupOwners(4)
    rows: Counter[int] = Counter()
    for group in catalog()[0].groups:
        rows[owners.owner(group)] += group.rows
    assert set(rows.values()) == {GROUPS * ROWS // 4}


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_have_the_order_of_the_run(tmp_path: Path, workers: int) -> None:
    write(tmp_path, "charts", [*charts(20), row("broken", "1", image=None)], group=4)
    encoding = Encoding(train_tokenizer(["0123456789"], 300), "opt", 64, 100)
    collate = Collate(blank_sample(encoding), "padded", 0)
    order = SampleOrder(open_catalog([str(tmp_path)], "train"), {}, 0, 3)
    lists = list(plan(order.copy(), ProcessShare(0, 1, 5, 5), 4))
    batches = list(open_readers(Samples(encoding, 10**6), iter(lists), collate, workers))
    assert len(batches) == 4
    for refs, batch in zip(lists, batches, strict=True):
        skipped = {rejected.n for rejected in batch.skipped}
        assert batch.numbers == [ref.n for ref in refs if ref.n not in skipped]


def test_processes_share_a_batch_along_its_row_groups() -> None:
    groups = [RowGroup(Path("a.parquet"), i, 4) for i in range(3)]
    batch = [Ref(n, "c", groups[g], 0) for n, g in enumerate([2, 0, 1, 0, 2, 0, 1, 2])]
    shares = [list(ProcessShare(rank, 2, 8, 2).micro_batches(batch)) for rank in (0, 1)]
    numbers = [[[ref.n for ref in refs] for refs in share] for share in shares]
    assert numbers == [[[1, 2], [3, 5]], [[0, 4], [6, 7]]]
