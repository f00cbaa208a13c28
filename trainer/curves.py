"""The curves of runs side by side, as a picture and a page."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trainer.errors import RunError
from trainer.train.run import Run, read_lines

PANELS = (
    ("loss", "loss (nats per token)", "linear"),
    ("gain", "vision gain (nats per token)", "linear"),
    ("lr", "learning rate", "linear"),
    ("grad_norm", "gradient norm", "log"),
    ("images_per_s", "pictures per second", "linear"),
    ("memory_gib", "memory (GiB)", "linear"),
)
COLUMNS = ("step", "loss", "gain", "samples", "skipped", "images_per_s", "tokens_per_s",
           "peak_share", "memory_gib")  # fmt: skip


@dataclass(frozen=True, slots=True)
class History:
    """What a run logged, by event."""

    name: str
    train: list[dict[str, Any]]
    valid: list[dict[str, Any]]


def read_history(folder: Path) -> History:
    lines = read_lines(Run(folder).log)
    if not lines:
        raise RunError(f"{folder} has no log", "give the folder of a run that has started")
    by_event = {e: [x for x in lines if x["event"] == e] for e in ("train", "valid")}
    return History(folder.name, by_event["train"], by_event["valid"])


def draw(histories: Sequence[History]) -> bytes:
    """A PNG with a panel per quantity; validation is dashed."""
    figure = Figure(figsize=(12, 9), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(3, 2).flatten()
    for axis, (key, title, scale) in zip(axes, PANELS, strict=True):
        for i, history in enumerate(histories):
            for lines, style, name in (
                (history.train, "-", history.name),
                (history.valid, "--", f"{history.name} (validation)"),
            ):
                points = [(e["step"], e[key]) for e in lines if e.get(key) is not None]
                if points:
                    marker = "." if len(points) < 3 else None
                    axis.plot(*zip(*points, strict=True), style, color=f"C{i % 10}",
                              marker=marker, linewidth=1.4, label=name)  # fmt: skip
        axis.set_title(title, fontsize=10, loc="left")
        axis.set_yscale(scale)
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1].set_xlabel("step")
    axes[-2].set_xlabel("step")
    low, high = axes[1].get_ylim()
    axes[1].set_ylim(min(low, -0.05), max(high, 0.1))  # what is zero shall look like zero
    axes[1].axhline(0, color="0.6", linewidth=0.8, zorder=0)
    axes[0].legend(fontsize=8, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=120)
    return buffer.getvalue()


def page(histories: Sequence[History], picture: bytes) -> str:
    """An HTML page with the picture and every run's last values."""
    rows = []
    for history in histories:
        last: dict[str, Any] = {}
        for line in history.train:
            last.update({k: v for k, v in line.items() if v is not None})
        cells = "".join(f"<td>{_format(last.get(c))}</td>" for c in COLUMNS)
        rows.append(f"<tr><th>{html.escape(history.name)}</th>{cells}</tr>")
    head = "".join(f"<th>{c.replace('_', ' ')}</th>" for c in COLUMNS)
    data = base64.b64encode(picture).decode()
    return PAGE.format(head=head, rows="\n".join(rows), data=data)


def _format(value: Any) -> str:
    if value is None:
        return "&ndash;"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Runs</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; color: #222 }}
img {{ width: 100% }}
table {{ border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }}
td, th {{ padding: .3em .8em; border-bottom: 1px solid #ddd; text-align: right }}
th:first-child {{ text-align: left }}
</style>
<h1>Runs</h1>
<table><tr><th>run</th>{head}</tr>
{rows}
</table>
<img alt="Curves of the runs above" src="data:image/png;base64,{data}">
</html>
"""
