"""The statistics of a dataset as one self-contained HTML page with plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vary_data.dataset.languages import language_name
from vary_data.quality.html import asset, document, escape
from vary_data.quality.stats.summary import Distribution, RejectionCount, Stats
from vary_data.quality.stats.svg import bars, histogram
from vary_data.quality.stats.table import size

TITLES = {
    "config": "Configurations",
    "split": "Splits",
    "kind": "Kinds",
    "type": "Chart types",
    "format": "Formats of the truth",
    "lang": "Languages",
    "renderer": "Renderers",
    "template": "Templates",
}
BARS = 40


def page(stats: Stats) -> str:
    """The page, without scripts and without network access."""
    sections = "".join(_sections(stats))
    body = (
        f"<body><main><header><h1>{escape(stats.name)}</h1>{_tiles(stats)}</header>"
        f'<div class="sections">{sections}</div></main>'
    )
    css = asset("theme.css") + asset("stats.css", "vary_data.quality.stats")
    return document(f"{stats.name} · statistics", body, css)


def _tiles(stats: Stats) -> str:
    characters = stats.characters
    han = f"{characters.common_han:,} of the 3,755 most common" if characters.han else ""
    seconds = sum(speed.seconds for speed in stats.speed.values())
    made = sum(speed.samples for speed in stats.speed.values())
    tiles: Sequence[tuple[str, str, str]] = (
        (f"{stats.samples:,}", "samples", _documents(stats)),
        (size(stats.bytes), "on disk", f"{stats.sizes:,} different picture sizes"),
        (f"{characters.han:,}", "Han characters", han),
        (f"{characters.latin:,}", "Latin characters", f"and {characters.other:,} others"),
        (f"{stats.duplicates.rows:,}", "repeated truths", _example(stats)),
        (f"{made / seconds:,.1f}" if seconds else "–", "samples per second", "all workers"),
    )
    cells = "".join(
        f'<div class="tile"><b>{escape(number)}</b><span>{escape(name)}</span>'
        f"<small>{escape(note)}</small></div>"
        for number, name, note in tiles
    )
    return f'<div class="tiles">{cells}</div>'


def _documents(stats: Stats) -> str:
    left_out = f", {stats.left_out:,} more left out by dedup" if stats.left_out else ""
    shards = sum(stats.missing_shards.values())
    missing = f"; {shards:,} shards are missing" if shards else ""
    return f"of {stats.documents:,} documents{left_out}{missing}"


def _example(stats: Stats) -> str:
    largest = stats.duplicates.largest
    return f"for example {', '.join(largest[0][:2])}" if largest else "no text occurs twice"


def _sections(stats: Stats) -> Iterator[str]:
    for name, counts in stats.counts.items():
        if len(counts) > 1 or name in ("config", "split", "kind"):
            yield _section(TITLES[name], _counted(counts, stats.samples))
    if stats.rejections:
        items = [(reason.reason, (reason.lost, reason.retried)) for reason in stats.rejections]
        key = _key(("part0", "lost"), ("part1", "drawn again, nothing lost"))
        yield _section("Rejections by reason", key + bars(items[:BARS]))
        yield _section("What was rejected most often", _details(stats.rejections[:BARS]))
    for kind, spread in stats.text_length.items():
        yield _spread(f"Length of the truth: {kind.replace('_', ' ')}", spread, "characters")
    for name, size_of in (("Width", stats.width), ("Height", stats.height)):
        if size_of:
            yield _spread(f"{name} of the pictures", size_of, "pixels")
    yield _section("Speed", _speed(stats))


def _counted(counts: Mapping[str, int], total: int) -> str:
    items = [(language_name(name).replace("_", " "), (n,)) for name, n in counts.items()]
    if len(items) > BARS:
        others = sum(parts[0] for _, parts in items[BARS - 1 :])
        items = [*items[: BARS - 1], (f"{len(items) - BARS + 1} others", (others,))]
    return bars(items, total)


def _spread(title: str, spread: Distribution, unit: str) -> str:
    note = (
        f"median {spread.median:,.0f}, 95 % up to {spread.p95:,.0f}, "
        f"from {spread.least:,} to {spread.most:,} {unit}"
    )
    return _section(title, f'<p class="note">{note}</p>{histogram(spread.histogram, unit)}')


def _details(reasons: Iterable[RejectionCount]) -> str:
    rows = "".join(
        f"<tr>{_cells((r.reason, ', '.join(f'{what} ({n:,})' for what, n in r.details)))}</tr>"
        for r in reasons
        if r.details
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _speed(stats: Stats) -> str:
    head = ("", "samples", "tasks", "failed", "seconds", "samples/s")
    rows = [
        (
            name,
            f"{speed.samples:,}",
            f"{speed.tasks:,}",
            f"{speed.failed_tasks:,}",
            f"{speed.seconds:,.1f}",
            f"{speed.per_second:,.1f}",
        )
        for name, speed in stats.speed.items()
    ]
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Iterable[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)


def _key(*entries: tuple[str, str]) -> str:
    items = "".join(f'<span><i class="{c}"></i>{escape(text)}</span>' for c, text in entries)
    return f'<p class="key">{items}</p>'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"
