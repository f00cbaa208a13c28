"""Plots the curves of several runs together, as a picture and a page."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from trainer.errors import RunError, SettingsError
from trainer.training.run import Run, read_log

PANELS = (
    ("loss", "loss (nats per token)", "linear"),
    ("gain", "vision gain (nats per token)", "linear"),
    ("lr", "learning rate", "linear"),
    ("grad_norm", "gradient norm", "log"),
    ("images_per_s", "pictures per second", "linear"),
    ("memory_gib", "memory (GiB)", "linear"),
)
WARM_UP_PANELS = (
    ("dense_accuracy", "share of places with the right character", "linear"),
    ("length", "answer of a crop (tokens), size of pictures", "log"),
)
COLUMNS = ("step", "loss", "gain", "samples", "skipped", "images_per_s", "tokens_per_s",
           "peak_share", "memory_gib")  # fmt: skip
CHANGES = ("size", "length", "characters")
CHANGE_COLUMNS = ("step", *CHANGES, "loss", "gain", "dense_accuracy")

KEYS = tuple(panel[0] for panel in (*PANELS[:2], *WARM_UP_PANELS, *PANELS[2:]))

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class History:
    """The log lines of a run by event; those of the warm-up are empty without one."""

    name: str
    train: list[dict[str, Any]]
    valid: list[dict[str, Any]]
    warm_up: list[dict[str, Any]]
    crops: list[dict[str, Any]]
    whole: list[dict[str, Any]]

    @property
    def warm_up_steps(self) -> int:
        """The last logged step of the warm-up; 0 without one."""
        return max((line["step"] for line in (*self.warm_up, *self.crops)), default=0)

    def x_value(self, line: dict[str, Any], minutes: bool) -> float:
        """The step of a line, negative in the warm-up, or its time in minutes."""
        if minutes:
            return float(line["seconds"]) / 60
        in_warm_up = line["event"].startswith("warm-up")
        return float(line["step"] - self.warm_up_steps * in_warm_up)

    def curves(self, key: str, minutes: bool = False) -> Iterator[tuple[str, str, Points]]:
        """Line style, name and points of the curves of a quantity."""
        for style, name, lines in (
            ("-", self.name, self.warm_up + self.train),
            ("--", f"{self.name} (validation)", self.whole + self.valid),
            (":", f"{self.name} (held-out crops)", self.crops),
        ):
            yield (
                style,
                name,
                [
                    (self.x_value(line, minutes), value)
                    for line in lines
                    if (value := _value(line, key)) is not None
                ],
            )

    def changes(self) -> list[dict[str, Any]]:
        """The warm-up's lines at which size, length or number of characters changes."""
        found: list[dict[str, Any]] = []
        for line in self.warm_up:
            if not found or any(line.get(key) != found[-1].get(key) for key in CHANGES):
                found.append(line)
        return found


def read_history(folder: Path) -> History:
    """The history of a run.

    Raises:
        RunError: the folder has no log.
    """
    lines = read_log(Run(folder))
    if not lines:
        raise RunError(f"{folder} has no log", "give the folder of a run that has started")
    events = ("train", "valid", "warm-up", "warm-up crops", "warm-up valid")
    return History(folder.name, *([x for x in lines if x["event"] == e] for e in events))


def draw(histories: Sequence[History], minutes: bool = False, keys: Sequence[str] = ()) -> bytes:
    """A PNG with a panel per quantity (`keys`, or all); validation is dashed.

    The x axis has steps, with the warm-up left of 0, or minutes since the start.

    Raises:
        SettingsError: no run has one of the quantities.
    """
    warmed = any(history.warm_up for history in histories)
    known = (*PANELS[:2], *WARM_UP_PANELS, *PANELS[2:]) if warmed else PANELS
    panels = [panel for panel in known if not keys or panel[0] in keys]
    if not panels:
        raise SettingsError(
            "none of these runs has such a panel", "the panel is for runs with a warm-up"
        )
    rows = -(-len(panels) // 2)
    figure = Figure(figsize=(12, (3 if rows > 1 else 4.2) * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, 2, squeeze=False).flatten()
    for axis in axes[len(panels) :]:
        axis.remove()
    axes = axes[: len(panels)]
    for axis, (key, title, scale) in zip(axes, panels, strict=True):
        for i, history in enumerate(histories):
            for style, name, points in history.curves(key, minutes):
                if points:
                    marker = "." if len(points) < 3 else None
                    steps = "steps-post" if key == "length" else "default"
                    axis.plot(*zip(*points, strict=True), style, color=f"C{i % 10}", label=name,
                              marker=marker, linewidth=1.4, drawstyle=steps)  # fmt: skip
            _mark_sizes(axis, history, f"C{i % 10}", key == "length", minutes)
        axis.set_title(title, fontsize=10, loc="left")
        if scale == "log" and axis.has_data():
            axis.set_yscale(scale)
            axis.yaxis.set_major_formatter(LogFormatter())
            axis.yaxis.set_minor_formatter(LogFormatter(minor_thresholds=(2, 0.5)))
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
        if warmed and not minutes:
            axis.axvline(0, color="0.4", linewidth=0.8, zorder=0)
        if key == "gain":
            low, high = axis.get_ylim()
            axis.set_ylim(min(low, -0.05), max(high, 0.1))  # small values must look like zero
            axis.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    steps = "step; left of 0 the warm-up" if warmed else "step"
    for axis in axes[-2:]:
        axis.set_xlabel("minutes" if minutes else steps)
    axes[0].legend(fontsize=8, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=120)
    return buffer.getvalue()


def _value(line: dict[str, Any], key: str) -> float | None:
    value = line.get(key)
    return value.get("all") if isinstance(value, dict) else value


def _mark_sizes(axis: Axes, history: History, color: str, labeled: bool, minutes: bool) -> None:
    """A vertical line where the warm-up's pictures become larger, optionally with their size."""
    size = None
    for line in history.warm_up:
        if line.get("size") == size:
            continue
        size, x = line.get("size"), history.x_value(line, minutes)
        axis.axvline(x, color=color, linewidth=0.8, alpha=0.4, linestyle=(0, (1, 2)), zorder=0)
        if labeled:
            axis.text(x, 0.98, f" {size} px", transform=axis.get_xaxis_transform(),
                      fontsize=8, color=color, va="top")  # fmt: skip


def page(histories: Sequence[History], picture: bytes) -> str:
    """An HTML page with the picture, every run's last values, and the changes of its warm-up."""
    last = []
    for history in histories:
        values: dict[str, Any] = {}
        for line in history.train:
            values.update({k: v for k, v in line.items() if v is not None})
        last.append((history.name, values))
    parts = [_table("run", COLUMNS, last)]
    data = base64.b64encode(picture).decode()
    parts.append(f'<img alt="Curves of the runs above" src="data:image/png;base64,{data}">')
    for history in histories:
        if history.warm_up:
            rows = [("", line) for line in (*history.changes(), history.warm_up[-1])]
            parts.append(f"<h2>Warm-up of {html.escape(history.name)}</h2>")
            parts.append(_table("", CHANGE_COLUMNS, rows))
    return PAGE.format(body="\n".join(parts))


def _table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[str, dict[str, Any]]]
) -> str:  # fmt: skip
    head = "".join(f"<th>{c.replace('_', ' ')}</th>" for c in columns)
    lines = [f"<tr><th>{title}</th>{head}</tr>"]
    for name, values in rows:
        cells = "".join(f"<td>{_format(values.get(c))}</td>" for c in columns)
        lines.append(f"<tr><th>{html.escape(name)}</th>{cells}</tr>")
    return "<table>" + "\n".join(lines) + "</table>"


def _format(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("all")
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
{body}
</html>
"""
