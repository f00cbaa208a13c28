"""The statistics of a dataset as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from vary_data.quality.stats.summary import Distribution, Stats

ROWS = 24
"""Values listed of one property; the others are added up."""


def tables(stats: Stats) -> Iterator[Table]:
    """One table per subject, first the overview."""
    yield _overview(stats)
    for name, counts in stats.counts.items():
        if len(counts) > 1 or name in ("config", "split"):
            yield _counts(name, counts, stats.samples)
    if stats.rejections:
        yield _rejections(stats)
        if (details := _details(stats)).row_count:
            yield details
    if stats.samples:
        yield _lengths(stats)
    yield _speed(stats)


def size(count: int) -> str:
    """A readable number of bytes: `1.4 MB`."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


MIN_LABEL = 18
"""Least width of the first column: a terminal of 80 columns has room for it and five figures of
millions."""


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title_justify="left")
    first, *others = columns
    table.add_column(first, min_width=MIN_LABEL, overflow="fold")
    for column in others:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _overview(stats: Stats) -> Table:
    characters, duplicates = stats.characters, stats.duplicates
    table = _table(stats.name, "")
    table.columns[1].no_wrap, table.columns[1].overflow = False, "fold"  # ids may be long
    table.add_row("samples", f"{stats.samples:,}")
    if stats.left_out:
        table.add_row("left out by `dedup`", f"{stats.left_out:,}")
    for name, count in stats.missing_shards.items():
        table.add_row(f"shards missing from {name}", f"{count:,}")
    table.add_row("documents", f"{stats.documents:,}")
    table.add_row("on disk", size(stats.bytes))
    table.add_row("different Han characters", f"{characters.han:,}")
    if characters.han:
        table.add_row("  of the 3,755 most common", f"{characters.common_han:,}")
    table.add_row("different Latin characters", f"{characters.latin:,}")
    table.add_row("other characters", f"{characters.other:,}")
    table.add_row("rows that repeat an earlier truth", f"{duplicates.rows:,}")
    if duplicates.largest:
        table.add_row("  for example", Text(", ".join(duplicates.largest[0][:3])))
    table.add_row("different picture sizes", f"{stats.sizes:,}")
    return table


def _counts(name: str, counts: Mapping[str, int], total: int) -> Table:
    table = _table(name, "samples", "share")
    items = list(counts.items())
    shown = items if len(items) <= ROWS else items[: ROWS - 1]
    for value, count in shown:
        table.add_row(Text(value), f"{count:,}", f"{count / total:.1%}")
    if len(items) > len(shown):
        others = sum(count for _, count in items[len(shown) :])
        label = f"{len(items) - len(shown)} others"
        table.add_row(label, f"{others:,}", f"{others / total:.1%}")
    return table


def _rejections(stats: Stats) -> Table:
    table = _table("rejected because", "lost", "drawn again", "tasks")
    for reason in stats.rejections:
        counts = (reason.lost, reason.retried, reason.tasks)
        table.add_row(Text(reason.reason), *(f"{count:,}" for count in counts))
    return table


def _details(stats: Stats) -> Table:
    """Details that occur more than once, and all unknown commands: support can be added."""
    table = _table("rejected for", "most often")
    table.columns[1].justify = "left"
    table.columns[1].no_wrap = False
    for reason in stats.rejections:
        often = [
            f"{what} ({count:,})"
            for what, count in reason.details
            if count > 1 or reason.reason.startswith("unknown-")
        ]
        if often:
            table.add_row(Text(reason.reason), Text(", ".join(often)))
    return table


def _lengths(stats: Stats) -> Table:
    table = _table("", "least", "median", "mean", "95 %", "most")
    rows: list[tuple[str, Distribution | None]] = [
        (f"characters of {kind}", spread) for kind, spread in stats.text_length.items()
    ]
    rows += [("width in pixels", stats.width), ("height in pixels", stats.height)]
    for label, spread in rows:
        if spread:
            figures = (spread.least, spread.median, spread.mean, spread.p95, spread.most)
            table.add_row(label, *(f"{figure:,.0f}" for figure in figures))
    return table


def _speed(stats: Stats) -> Table:
    table = _table("made", "samples", "tasks", "failed", "seconds", "samples/s")
    for name, speed in stats.speed.items():
        table.add_row(
            Text(name),
            f"{speed.samples:,}",
            f"{speed.tasks:,}",
            f"{speed.failed_tasks:,}",
            f"{speed.seconds:,.1f}",
            f"{speed.per_second:,.1f}",
        )
    return table
