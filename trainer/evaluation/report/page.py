"""The report: tables of scores, and the worst samples with picture, truth and answer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from trainer.data.rows import RowReader
from trainer.errors import RunError
from trainer.evaluation.bootstrap import Estimate
from trainer.evaluation.report.difference import aligned
from trainer.evaluation.report.picture import thumbnail
from trainer.evaluation.scoring import Group, Scored
from trainer.evaluation.summary import number
from trainer.evaluation.tasks import LOWER_IS_BETTER, TASKS


def write_report(
    folder: Path,
    scored: Sequence[Scored],
    groups: Sequence[Group],
    notes: Sequence[str],
    settings: dict[str, Any],
    worst: int,
) -> Path:
    """Write `folder/report.html`, one page without scripts or other files.

    It shows the `worst` samples of each kind and language by the kind's first metric.

    Raises:
        RunError: the page cannot be written.
    """
    path = folder / "report.html"
    css = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    style = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{style}'; base-uri 'none'"
    body = "\n".join(_body(scored, groups, notes, settings, worst))
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Evaluation</title>\n<style>{css}</style>\n{body}\n</html>\n"
    )
    try:
        path.write_bytes(page.encode("utf-8", "replace"))
    except OSError as error:
        raise RunError(f"{path} cannot be written ({error.strerror})") from error
    return path


def _body(
    scored: Sequence[Scored],
    groups: Sequence[Group],
    notes: Sequence[str],
    settings: dict[str, Any],
    worst: int,
) -> Iterator[str]:
    system = settings.get("model") or settings.get("predictions") or ""
    yield "<header><h1>Evaluation</h1>"
    yield f"<p><b>{escape(str(system))}</b> on {escape(', '.join(settings['datasets']))}: "
    documents = len({s.example.document for s in scored})
    yield f"{_count(len(scored), 'sample')} of {_count(documents, 'document')}</p></header>"
    yield "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    for kind, group_members in groupby(groups, key=lambda g: g.kind):
        yield from _kind(kind, list(group_members))
    rows = RowReader(("image",), cache_bytes=64 * 2**20)
    for kind, lang in dict.fromkeys((g.kind, g.lang) for g in groups):
        members = [s for s in scored if (s.example.kind, s.example.lang) == (kind, lang)]
        members.sort(key=lambda s: s.badness, reverse=True)
        if members[:worst]:
            metric = TASKS[members[0].example.scoring].shown[0]
            yield f"<h2>{kind} {lang}: the worst by {metric}</h2>"
        for sample in members[:worst]:
            yield _sample(sample, rows)


def _kind(kind: str, groups: Sequence[Group]) -> Iterator[str]:
    """A table of the shown metrics, and a folded one of all metrics."""
    shown = [m for m in TASKS[groups[0].scoring].shown if any(m in g.metrics for g in groups)]
    every = list(dict.fromkeys(name for g in groups for name in g.metrics))
    yield f"<h2>{kind}</h2>"
    yield _table_by_group(shown, groups)
    if len(every) > len(shown):
        yield f"<details><summary>all {len(every)} metrics</summary>"
        yield f"{_table_by_metric(every, groups)}</details>"


def _table_by_group(names: Sequence[str], groups: Sequence[Group]) -> str:
    lines = [f"<tr><th></th>{''.join(f'<th>{_metric(name)}</th>' for name in names)}</tr>"]
    for group in groups:
        cells = "".join(f"<td>{_cell(group.metrics.get(name))}</td>" for name in names)
        lines.append(f"<tr><th>{_group(group)}</th>{cells}</tr>")
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _table_by_metric(names: Sequence[str], groups: Sequence[Group]) -> str:
    lines = [f"<tr><th></th>{''.join(f'<th>{_group(group)}</th>' for group in groups)}</tr>"]
    for name in names:
        cells = "".join(f"<td>{_cell(group.metrics.get(name))}</td>" for group in groups)
        lines.append(f"<tr><th>{_metric(name)}</th>{cells}</tr>")
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _group(group: Group) -> str:
    size = f"{_count(group.samples, 'sample')}, {_count(group.documents, 'document')}"
    return f"{group.lang} {escape(group.subset)}<small>{size}</small>"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _metric(name: str) -> str:
    arrow = "↓" if name in LOWER_IS_BETTER else "↑"
    return f'{name} <span class="arrow">{arrow}</span>'


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    if estimate.low == estimate.high:
        return number(estimate.mean)
    interval = f"{number(estimate.low)} – {number(estimate.high)}"
    return f"{number(estimate.mean)}<small>{interval}</small>"


def _sample(scored: Scored, rows: RowReader) -> str:
    example = scored.example
    chips = "".join(
        f"<span>{name} <b>{number(scored.scores[name].value)}</b></span>"
        for name in TASKS[example.scoring].shown
        if name in scored.scores
    )
    question = f'<p class="question">{escape(example.question)}</p>' if example.question else ""
    others = [a for a in example.accepted if a != example.truth]
    also = f'<p class="question">also right: {escape(" · ".join(others))}</p>' if others else ""
    picture = thumbnail(rows, example.group, example.row)
    frame = f'<img alt="" src="{picture}">' if picture else "<p>no picture</p>"
    pairs = "".join(
        f"<div>{truth}</div><div>{answer}</div>"
        for truth, answer in aligned(example.truth, scored.answer)
    )
    empty = "" if scored.answer.strip() else ": empty"
    texts = f"<h3>truth</h3><h3>answer{empty}</h3>{pairs}"
    return (
        f'<section><div class="head"><code>{escape(example.id)}</code>{chips}</div>'
        f'<div class="pair"><div class="picture">{frame}</div><div>{question}{also}'
        f'<div class="texts">{texts}</div></div></div></section>'
    )
