"""Curves: a warm-up ends where training begins, and its changes are listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from trainer.cli import curves
from trainer.curves import draw, page, read_history
from trainer.errors import RunError, SettingsError


def line(event: str, step: int, **values: Any) -> dict[str, Any]:
    return {"event": event, "step": step, "seconds": float(step), **values}


def warm(step: int, size: int, length: int, **values: Any) -> dict[str, Any]:
    return line("warm-up", step, size=size, length=length, characters=30, stage=int(size > 128),
                loss=3.0, dense_accuracy={"all": step / 100, "latin": 0.5}, **values)  # fmt: skip


WARM = [
    warm(10, 128, 3, gain=0.1),
    warm(20, 128, 3),
    warm(30, 128, 5),
    warm(40, 256, 5, gain=0.9),
    line("warm-up crops", 40, loss=2.5, gain=0.8, size=256),
    line("warm-up valid", 40, loss=2.8, gain=0.3, size=256),
]
TRAIN = [
    line("train", 10, loss=1.5, gain=0.4, lr=1e-3, grad_norm=1.0, samples=160, skipped=0),
    line("valid", 10, loss=1.7, gain=0.5),
    line("train", 20, loss=1.2, gain=None, lr=1e-3, grad_norm=0.5, samples=320, skipped=0),
]


def run(folder: Path, lines: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "log.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines))
    return folder


def test_a_warm_up_lies_left_of_zero(tmp_path: Path) -> None:
    history = read_history(run(tmp_path / "grounded", [*WARM, *TRAIN]))
    assert history.warm_up_steps == 40
    gains = {style: points for style, _, points in history.curves("gain")}
    assert gains == {
        "-": [(-30, 0.1), (0, 0.9), (10, 0.4)],
        "--": [(0, 0.3), (10, 0.5)],
        ":": [(0, 0.8)],
    }
    accuracy = next(points for _, _, points in history.curves("dense_accuracy"))
    assert accuracy == [(-30, 0.1), (-20, 0.2), (-10, 0.3), (0, 0.4)]
    changes = [(x["step"], x["size"], x["length"]) for x in history.changes()]
    assert changes == [(10, 128, 3), (30, 128, 5), (40, 256, 5)]


def test_pictures_and_pages_have_the_warm_up_where_there_was_one(tmp_path: Path) -> None:
    plain = read_history(run(tmp_path / "plain", TRAIN))
    grounded = read_history(run(tmp_path / "<grounded>", [*WARM, *TRAIN]))
    sizes = []
    for histories in ([plain], [plain, grounded]):
        file = tmp_path / f"{len(histories)}.png"
        file.write_bytes(draw(histories))
        with Image.open(file) as image:
            sizes.append(image.size)
    assert sizes == [(1440, 1080), (1440, 1440)]  # three and four rows of panels
    text = page([plain, grounded], b"png")
    assert "<h2>Warm-up of &lt;grounded&gt;</h2>" in text
    assert text.count("<h2>") == 1
    assert "<td>128</td><td>5</td><td>30</td><td>3</td><td>&ndash;</td><td>0.3</td>" in text


def test_over_minutes_and_some_panels_only(tmp_path: Path) -> None:
    folder = run(
        tmp_path / "grounded", [*WARM, *(x | {"seconds": 60.0 + x["step"]} for x in TRAIN)]
    )
    gains = {style: points for style, _, points in read_history(folder).curves("gain", True)}
    assert gains["-"] == [(10 / 60, 0.1), (40 / 60, 0.9), (70 / 60, 0.4)]
    done = CliRunner().invoke(
        curves.command, [str(folder), "--minutes", "--panel", "gain", "-o", str(tmp_path / "c")]
    )
    assert done.exit_code == 0, done.output
    with Image.open(tmp_path / "c.png") as image:
        assert image.size == (1440, 504)
    wrong = CliRunner().invoke(curves.command, [str(folder), "--panel", "gian"])
    assert "no panel 'gian'" in str(wrong.exception)
    with pytest.raises(SettingsError, match="such a panel"):
        draw([read_history(run(tmp_path / "plain", TRAIN))], keys=["dense_accuracy"])


def test_a_warm_up_alone_can_be_drawn(tmp_path: Path) -> None:
    begun = read_history(run(tmp_path / "begun", WARM[:2]))
    assert draw([begun]).startswith(b"\x89PNG")
    assert "<th>begun</th>" in page([begun], b"")
    with pytest.raises(RunError, match="has no log"):
        read_history(run(tmp_path / "empty", []))
